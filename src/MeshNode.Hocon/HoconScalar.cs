using System.Globalization;

namespace MeshNode.Hocon;

/// <summary>
/// A string, number, boolean or null. HOCON leaves the type to the reader, so the text is kept as it was written:
/// <c>10s</c> is a duration to whoever asks for one.
/// </summary>
public sealed class HoconScalar : HoconValue
{
    internal HoconScalar(string text, bool isQuoted, HoconOrigin origin)
        : base(origin)
    {
        Text = text;
        IsQuoted = isQuoted;
    }

    /// <summary>The text after escapes and concatenation.</summary>
    public string Text { get; }

    /// <summary>Written in quotation marks: then <c>null</c> is a word.</summary>
    public bool IsQuoted { get; }

    public bool IsNull => !IsQuoted && Text == "null";

    /// <summary>A value that no text holds, such as an option's; <paramref name="source"/> is what a message names.</summary>
    public static HoconScalar Create(string text, string source) => new(text, isQuoted: true, new HoconOrigin(source));

    /// <summary>true, yes, on; false, no, off.</summary>
    public bool TryGetBoolean(out bool value)
    {
        value = Text is "true" or "yes" or "on";
        return value || Text is "false" or "no" or "off";
    }

    /// <summary>Decimal digits with an optional sign.</summary>
    public bool TryGetInt64(out long value) =>
        long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>A JSON number; never infinite.</summary>
    public bool TryGetDouble(out double value) =>
        double.TryParse(Text, NumberStyles.Float & ~NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out value)
        && double.IsFinite(value);

    /// <inheritdoc cref="HoconDuration.TryParse"/>
    public bool TryGetDuration(out TimeSpan value) => HoconDuration.TryParse(Text, out value);

    /// <inheritdoc cref="HoconSize.TryParse"/>
    public bool TryGetSize(out long bytes) => HoconSize.TryParse(Text, out bytes);

    public override string Describe() => IsNull ? "null" : IsQuoted ? $"\"{Text}\"" : $"'{Text}'";
}
