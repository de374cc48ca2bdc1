using System.Globalization;

namespace MeshNode.Hocon;

/// <summary>The form that durations and sizes share: a decimal number, optional spaces, an optional word.</summary>
internal static class NumberWithUnit
{
    public static bool TryParse(ReadOnlySpan<char> text, out double number, out ReadOnlySpan<char> unit)
    {
        text = text.Trim();
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
        {
            end--;
        }

        unit = text[end..];
        return double.TryParse(
            text[..end].TrimEnd(),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out number);
    }
}
