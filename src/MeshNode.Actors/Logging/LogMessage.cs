using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshNode.Actors.Event;

/// <summary>A format and its arguments, put together only when somebody reads it.</summary>
public sealed partial class LogMessage(string format, params object?[] args)
{
    public string Format { get; } = format;

    public IReadOnlyList<object?> Args { get; } = args;

    /// <summary>Numbered holes (<c>{0}</c>) or named ones (<c>{Peer}</c>), which take the arguments in their order, as in <c>string.Format</c>; a format that does not fit its arguments is given as it is.</summary>
    public override string ToString()
    {
        if (Args.Count == 0)
        {
            return Format;
        }

        try
        {
            return string.Format(CultureInfo.InvariantCulture, NamedHole().IsMatch(Format) ? Numbered() : Format, [.. Args]);
        }
        catch (FormatException)
        {
            return $"{Format} [{string.Join(", ", Args)}]";
        }
    }

    private string Numbered()
    {
        var number = 0;
        return NamedHole().Replace(Format, hole => $"{{{number++}{hole.Groups["rest"].Value}}}");
    }

    /// <summary>A name, with <c>@</c> or <c>$</c> before it or not, then alignment and format; doubled braces are text.</summary>
    [GeneratedRegex(@"(?<!\{)\{[@$]?[A-Za-z_]\w*(?<rest>[,:][^{}]*)?\}")]
    private static partial Regex NamedHole();
}
