namespace MeshNode.Hocon;

/// <summary>
/// A value of a configuration: <see cref="HoconObject"/>, <see cref="HoconArray"/> or <see cref="HoconScalar"/>.
/// (The parser's own further kinds, which stand for what substitutions will bring, never leave a resolved document.)
/// Immutable once the document is resolved.
/// </summary>
public abstract class HoconValue
{
    private protected HoconValue(HoconOrigin origin) => Origin = origin;

    /// <summary>Where the value was written.</summary>
    public HoconPosition Position => Origin.Position;

    internal HoconOrigin Origin { get; }

    /// <summary>What the value is, for messages: <c>an object</c>, <c>a list</c>, <c>"text"</c>.</summary>
    public abstract string Describe();
}
