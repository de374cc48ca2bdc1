using System.Globalization;
using System.Text;

namespace MeshNode.Hocon.Parsing;

/// <summary>A cursor over the text that knows HOCON's tokens; the first error stays.</summary>
internal sealed class HoconReader(HoconSource source)
{
    // HOCON specification, "Unquoted strings": characters that cannot stand in one.
    private const string Reserved = "$\"{}[]:=,+#`^?!@*&\\";
    private const char EndOfText = '\0';
    private readonly string _text = source.Text;

    public HoconError? Error { get; private set; }

    public int Offset { get; private set; }

    public bool IsAtEnd => Offset >= _text.Length;

    /// <summary>The character at the cursor; NUL at the end.</summary>
    public char Current => IsAtEnd ? EndOfText : _text[Offset];

    private char Next => Offset + 1 < _text.Length ? _text[Offset + 1] : EndOfText;

    private bool IsAtComment => Current == '#' || (Current == '/' && Next == '/');

    public bool IsAtNewLine => !IsAtEnd && Current == '\n';

    public HoconOrigin Origin => new(source, Offset);

    public void Advance() => Offset++;

    public bool TryTake(char expected)
    {
        if (IsAtEnd || Current != expected)
        {
            return false;
        }

        Offset++;
        return true;
    }

    public bool IsAt(string expected) => _text.AsSpan(Math.Min(Offset, _text.Length)).StartsWith(expected);

    /// <summary>Skips spaces on this line, and the comment that ends it; says whether it skipped any space.</summary>
    public bool SkipSpaceAndComment()
    {
        var start = Offset;
        while (!IsAtEnd && IsSpace(Current))
        {
            Offset++;
        }

        var hasSpace = Offset > start;
        if (IsAtComment)
        {
            while (!IsAtEnd && !IsAtNewLine)
            {
                Offset++;
            }
        }

        return hasSpace;
    }

    /// <summary>Skips spaces, comments and new lines.</summary>
    public void SkipBlank()
    {
        do
        {
            SkipSpaceAndComment();
        }
        while (TryTake('\n'));
    }

    public ReadOnlySpan<char> Slice(int from) => _text.AsSpan(from, Offset - from);

    /// <summary>Characters up to a reserved one, a space, a comment, or (in a key) a dot; may be empty.</summary>
    public string ReadUnquoted(bool isKey)
    {
        var start = Offset;
        while (!IsAtEnd && !IsSpace(Current) && !IsAtNewLine && !IsAtComment
            && !Reserved.Contains(Current) && !(isKey && Current == '.'))
        {
            Offset++;
        }

        return _text[start..Offset];
    }

    /// <summary>Reads a string that begins at the cursor with one or three quotation marks.</summary>
    public bool TryReadQuoted(out string value)
    {
        if (IsAt("\"\"\""))
        {
            return TryReadMultiLine(out value);
        }

        var start = Offset++;
        var text = new StringBuilder();
        value = "";
        while (true)
        {
            if (IsAtEnd || Current < ' ')
            {
                return Fail($"the closing '\"' of the string that begins at {Place(start)}");
            }

            if (TryTake('"'))
            {
                value = text.ToString();
                return true;
            }

            if (Current != '\\')
            {
                text.Append(Current);
                Offset++;
            }
            else if (!TryReadEscape(text))
            {
                return false;
            }
        }
    }

    /// <summary>Records "expected …, found …" at the cursor, unless there is an error already, and returns false.</summary>
    public bool Fail(string expected, string hint = "") => FailAt(Offset, $"expected {expected}, found {DescribeCurrent()}{hint}");

    public bool FailAt(int offset, string message)
    {
        Error ??= new HoconError(source.PositionOf(Math.Min(offset, _text.Length)), message);
        return false;
    }

    public string Place(int offset)
    {
        var position = source.PositionOf(offset);
        return $"{position.Line}:{position.Column}";
    }

    // HOCON specification, "Whitespace": the Unicode separators, the control characters of ASCII's row, and the BOM.
    private static bool IsSpace(char character) => character != '\n' && (char.IsWhiteSpace(character) || character == '\uFEFF');

    private string DescribeCurrent() =>
        IsAtEnd ? "the end of the text"
        : IsAtNewLine ? "the end of the line"
        : char.IsControl(Current) || char.IsSurrogate(Current) ? $"the character U+{(int)Current:X4}"
        : $"'{Current}'";

    private bool TryReadMultiLine(out string value)
    {
        var start = Offset;
        var from = start + 3;
        var end = _text.IndexOf("\"\"\"", from, StringComparison.Ordinal);
        if (end < 0)
        {
            value = "";
            Offset = _text.Length;
            return Fail($"the closing '\"\"\"' of the string that begins at {Place(start)}");
        }

        // "any quotes … before the last three are part of the string" (HOCON specification, "Multi-line strings").
        while (end + 3 < _text.Length && _text[end + 3] == '"')
        {
            end++;
        }

        value = _text[from..end];
        Offset = end + 3;
        return true;
    }

    private bool TryReadEscape(StringBuilder text)
    {
        Offset++;
        char? plain = Current switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => null,
        };
        if (plain is { } character && !IsAtEnd)
        {
            text.Append(character);
            Offset++;
            return true;
        }

        if (Current == 'u'
            && Offset + 5 <= _text.Length
            && ushort.TryParse(_text.AsSpan(Offset + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            text.Append((char)code);
            Offset += 5;
            return true;
        }

        return Fail("an escape: \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four hexadecimal digits");
    }
}
