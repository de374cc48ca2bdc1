namespace MeshNode.Hocon;

/// <summary>Where a value or an error stands.</summary>
/// <param name="Source">The file as it was named by whoever opened it, or what stands for one (<c>--http</c>).</param>
/// <param name="Line">From 1; 0 when the source has no lines, as an option has none.</param>
/// <param name="Column">From 1, in UTF-16 code units; 0 when the source has no lines.</param>
public readonly record struct HoconPosition(string Source, int Line, int Column)
{
    /// <summary>A place without lines: an option, an environment variable.</summary>
    public static HoconPosition Of(string source) => new(source, 0, 0);

    /// <summary><c>file:line:column</c>, or the source alone.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}
