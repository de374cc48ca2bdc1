namespace MeshNode.Hocon.Resolving;

/// <summary><c>${path}</c>, or <c>${?path}</c> whose absence is no error.</summary>
internal sealed class HoconSubstitution(IReadOnlyList<string> path, bool isOptional, HoconOrigin origin) : HoconValue(origin)
{
    public IReadOnlyList<string> Path => path;

    public bool IsOptional => isOptional;

    /// <summary>The path as an environment variable's name.</summary>
    public string PathText => string.Join('.', path);

    public override string Describe() => $"${{{(isOptional ? "?" : "")}{PathText}}}";
}
