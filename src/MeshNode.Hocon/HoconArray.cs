namespace MeshNode.Hocon;

/// <summary>A list. A later list replaces an earlier one; only objects merge.</summary>
public sealed class HoconArray : HoconValue
{
    internal HoconArray(IReadOnlyList<HoconValue> items, HoconOrigin origin)
        : base(origin) => Items = items;

    public IReadOnlyList<HoconValue> Items { get; }

    /// <summary>A list that no text holds, such as a repeated option's.</summary>
    public static HoconArray Create(IEnumerable<string> items, string source) =>
        new([.. items.Select(item => HoconScalar.Create(item, source))], new HoconOrigin(source));

    public override string Describe() => "a list";
}
