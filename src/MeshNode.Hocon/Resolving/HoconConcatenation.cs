namespace MeshNode.Hocon.Resolving;

/// <summary>Values that stand side by side, of which at least one is a substitution, or not a string.</summary>
internal sealed class HoconConcatenation(IReadOnlyList<HoconValue> parts, HoconOrigin origin) : HoconValue(origin)
{
    public IReadOnlyList<HoconValue> Parts => parts;

    public override string Describe() => "a concatenation";
}
