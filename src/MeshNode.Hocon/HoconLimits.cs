namespace MeshNode.Hocon;

/// <summary>
/// Bounds on what a text may cost. A configuration far beyond any real one ends in an error, never in a full stack or
/// full memory: a hundred bytes of <c>a=${b}${b}</c> chains would otherwise grow to gigabytes.
/// </summary>
public static class HoconLimits
{
    /// <summary>UTF-16 code units of one text.</summary>
    public const int TextLength = 1 << 20;

    /// <summary>Objects and lists within each other, dotted keys counting one level a segment.</summary>
    public const int Depth = 64;

    /// <summary>Values and characters that substitutions and concatenations may bring in all.</summary>
    public const int ResolvedSize = 1 << 18;
}
