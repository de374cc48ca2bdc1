namespace MeshNode.Actors;

/// <summary>A child's name: given, or made of a number that the parent gives to one child only.</summary>
internal readonly struct ChildName
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
    private const int LongestNumber = 10; // digits of 6 bits: up to 2^60

    private readonly long _number;

    private ChildName(string? given, long number)
    {
        Given = given;
        _number = number;
    }

    /// <summary>Null when the name is of the kernel's choice.</summary>
    public string? Given { get; }

    /// <summary>Tells children of the same name, one after the other, apart.</summary>
    public long Uid => Given is null ? _number + 1 : _number;

    public static ChildName Of(string given, long uid) => new(given, uid);

    public static ChildName Of(long number) => new(null, number);

    public bool IsNumber(long number) => Given is null && _number == number;

    /// <summary>A given one, or $a, $b, … in base 64, lowest digit first, as Akka names them.</summary>
    public override string ToString()
    {
        if (Given is not null)
        {
            return Given;
        }

        Span<char> name = stackalloc char[LongestNumber + 2];
        var length = 0;
        name[length++] = '$';
        var number = _number;
        do
        {
            name[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(name[..length]);
    }

    /// <summary>The number that the name was made of.</summary>
    public static bool TryParseNumber(string name, out long number)
    {
        number = 0;
        if (name.Length < 2 || name.Length > LongestNumber + 1 || name[0] != '$')
        {
            return false;
        }

        for (var index = name.Length - 1; index > 0; index--)
        {
            var digit = Digits.IndexOf(name[index], StringComparison.Ordinal);
            if (digit < 0)
            {
                return false;
            }

            number = (number << 6) | (uint)digit;
        }

        return true;
    }
}
