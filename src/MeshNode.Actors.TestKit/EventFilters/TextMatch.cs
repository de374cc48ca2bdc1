using System.Text.RegularExpressions;

namespace MeshNode.Actors.TestKit;

/// <summary>What a log line or an exception's message must look like; null parts are not asked for.</summary>
internal sealed record TextMatch(string? Message, string? Start, string? Contains, Regex? Pattern)
{
    public bool Fits(string text) =>
        (Message is null || text == Message)
        && (Start is null || text.StartsWith(Start, StringComparison.Ordinal))
        && (Contains is null || text.Contains(Contains, StringComparison.Ordinal))
        && (Pattern is null || Pattern.IsMatch(text));

    /// <summary>A source is given in full, or as an actor's path without the system.</summary>
    public static bool IsSource(string? source, string actual)
    {
        if (source is null || actual == source)
        {
            return true;
        }

        var path = actual.StartsWith("akka://", StringComparison.Ordinal) ? actual.IndexOf('/', "akka://".Length) : -1;
        return path >= 0 && actual.AsSpan(path).SequenceEqual(source);
    }
}
