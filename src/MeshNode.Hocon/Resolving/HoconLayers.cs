namespace MeshNode.Hocon.Resolving;

/// <summary>
/// A key set again where it shows only after resolving whether the later value replaces the earlier one, merges with it,
/// or (an absent <c>${?…}</c>) leaves it as it was.
/// </summary>
internal sealed class HoconLayers(HoconValue lower, HoconValue upper) : HoconValue(upper.Origin)
{
    public HoconValue Lower => lower;

    public HoconValue Upper => upper;

    /// <summary>What a key holds after it was set again; merges at once what can be.</summary>
    public static HoconValue Combine(HoconValue lower, HoconValue upper) => (lower, upper) switch
    {
        (HoconObject left, HoconObject right) => Merge(left, right),
        (_, HoconScalar or HoconArray) => upper,
        (HoconScalar or HoconArray, HoconObject) => upper,
        _ => new HoconLayers(lower, upper),
    };

    private static HoconObject Merge(HoconObject lower, HoconObject upper)
    {
        foreach (var (name, value) in upper.Fields)
        {
            lower.Set(name, lower.TryGetField(name, out var below) ? Combine(below, value) : value);
        }

        return lower;
    }

    public override string Describe() => Upper.Describe();
}
