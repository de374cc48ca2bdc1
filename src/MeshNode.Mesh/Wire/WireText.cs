using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace MeshNode.Mesh.Wire;

/// <summary>
/// UTF-8 that others gave and that people will see: names, agents, reasons. Control and format characters are refused
/// (or replaced), so that nothing steers a terminal or turns the direction of a line.
/// </summary>
internal static class WireText
{
    /// <summary>False when it is not UTF-8 or has a control, format, line or paragraph separator character.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, out string text)
    {
        text = "";
        if (!Utf8.IsValid(utf8))
        {
            return false;
        }

        for (var rest = utf8; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            if (!IsPrintable(rune))
            {
                return false;
            }

            rest = rest[consumed..];
        }

        text = Encoding.UTF8.GetString(utf8);
        return true;
    }

    /// <summary>The text with everything that <see cref="TryRead"/> refuses replaced by U+FFFD, cut at <paramref name="maximumBytes"/>.</summary>
    public static string Sanitize(ReadOnlySpan<byte> utf8, int maximumBytes)
    {
        var text = new StringBuilder();
        for (var rest = utf8[..Math.Min(utf8.Length, maximumBytes)]; !rest.IsEmpty;)
        {
            var status = Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
            text.Append(status == OperationStatus.Done && IsPrintable(rune) ? rune.ToString() : "\uFFFD");
            rest = rest[consumed..];
        }

        return text.ToString();
    }

    // The zero-width joiners are format characters that names in several scripts, and emoji, need.
    private static bool IsPrintable(Rune rune) => rune.Value is 0x200C or 0x200D || Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
