namespace MeshNode.Hocon;

/// <summary>Where a value came from, kept small: most are never asked.</summary>
internal readonly struct HoconOrigin
{
    private readonly HoconSource? _source;
    private readonly string? _name;
    private readonly int _offset;

    public HoconOrigin(HoconSource source, int offset)
    {
        _source = source;
        _offset = offset;
    }

    public HoconOrigin(string name) => _name = name;

    public HoconPosition Position => _source?.PositionOf(_offset) ?? HoconPosition.Of(_name ?? "");
}
