using System.Globalization;

namespace MeshNode.Actors.Event;

/// <summary>A format and its arguments, put together only when somebody reads it.</summary>
public sealed class LogMessage(string format, params object?[] args)
{
    public string Format { get; } = format;

    public IReadOnlyList<object?> Args { get; } = args;

    /// <summary>Numbered holes as in <c>string.Format</c>; a format that does not fit its arguments is given as it is.</summary>
    public override string ToString()
    {
        if (Args.Count == 0)
        {
            return Format;
        }

        try
        {
            return string.Format(CultureInfo.InvariantCulture, Format, [.. Args]);
        }
        catch (FormatException)
        {
            return $"{Format} [{string.Join(", ", Args)}]";
        }
    }
}
