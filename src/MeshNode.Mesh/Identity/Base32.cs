namespace MeshNode.Mesh.Identity;

/// <summary>RFC 4648 §6 base32, lower case, without padding.</summary>
internal static class Base32
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Characters that <paramref name="byteCount"/> bytes take.</summary>
    public static int TextLength(int byteCount) => ((byteCount * 8) + 4) / 5;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[TextLength(bytes.Length)];
        Encode(bytes, text);
        return new string(text);
    }

    /// <summary>
    /// False unless the text is exactly as long as <paramref name="destination"/> asks, of the alphabet (either case), and
    /// canonical: RFC 4648 §3.5 lets a decoder reject non-zero pad bits, and one id must have one text.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> destination)
    {
        if (text.Length != TextLength(destination.Length))
        {
            return false;
        }

        var buffer = 0;
        var bits = 0;
        var at = 0;
        foreach (var character in text)
        {
            var value = Value(character);
            if (value < 0)
            {
                return false;
            }

            buffer = ((buffer << 5) | value) & 0xFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                destination[at++] = (byte)(buffer >> bits);
            }
        }

        return (buffer & ((1 << bits) - 1)) == 0;
    }

    private static void Encode(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        var buffer = 0;
        var bits = 0;
        var at = 0;
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text[at++] = Alphabet[(buffer >> bits) & 31];
            }
        }

        if (bits > 0)
        {
            text[at] = Alphabet[(buffer << (5 - bits)) & 31];
        }
    }

    private static int Value(char character) => character switch
    {
        >= 'a' and <= 'z' => character - 'a',
        >= 'A' and <= 'Z' => character - 'A',
        >= '2' and <= '7' => character - '2' + 26,
        _ => -1,
    };
}
