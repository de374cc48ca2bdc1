namespace MeshNode.Rtc.Ice;

/// <summary>
/// The user name fragment and password of one side for one generation of checks, RFC 8445 §5.3.
/// </summary>
/// <param name="UsernameFragment">4 to 256 ice-chars.</param>
/// <param name="Password">22 to 256 ice-chars.</param>
public readonly record struct IceCredentials(string UsernameFragment, string Password)
{
    // "The ice-ufrag ... 24 bits of randomness ... ice-pwd ... 128 bits"; a port shared by thousands routes by ufrag, hence 48.
    private const int UsernameFragmentLength = 8;  // × 6 bits = 48 bits
    private const int PasswordLength = 24;         // × 6 bits = 144 bits
    private const string IceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /// <param name="secure">A cryptographically secure source.</param>
    public static IceCredentials Create(RandomSource secure)
    {
        ArgumentNullException.ThrowIfNull(secure);
        return new(CreateText(secure, UsernameFragmentLength), CreateText(secure, PasswordLength));
    }

    /// <summary>True when lengths and characters are those of RFC 8839 §5.4.</summary>
    public bool IsWellFormed =>
        UsernameFragment is { Length: >= 4 and <= 256 } && Password is { Length: >= 22 and <= 256 }
        && IsIceChars(UsernameFragment) && IsIceChars(Password);

    /// <summary>RFC 8839 §5.1: ice-char = ALPHA / DIGIT / "+" / "/".</summary>
    internal static bool IsIceChars(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '/'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The fragment only: passwords never reach a log.</summary>
    public override string ToString() => UsernameFragment ?? "";

    private static string CreateText(RandomSource secure, int length)
    {
        Span<byte> random = stackalloc byte[length];
        Span<char> text = stackalloc char[length];
        secure.Fill(random);
        for (var i = 0; i < length; i++)
        {
            text[i] = IceChars[random[i] & 63];
        }

        return new string(text);
    }
}
