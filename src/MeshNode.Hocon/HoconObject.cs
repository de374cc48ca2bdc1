using System.Diagnostics.CodeAnalysis;

namespace MeshNode.Hocon;

/// <summary>Keys with their values, in the order in which they first stood. Keys are case-sensitive.</summary>
public sealed class HoconObject : HoconValue
{
    private readonly OrderedDictionary<string, HoconValue> _fields = new(StringComparer.Ordinal);

    internal HoconObject(HoconOrigin origin)
        : base(origin)
    {
    }

    public IEnumerable<KeyValuePair<string, HoconValue>> Fields => _fields;

    public int Count => _fields.Count;

    /// <summary>An object without text, to be filled by <see cref="With"/>.</summary>
    public static HoconObject Empty(string source) => new(new HoconOrigin(source));

    /// <summary>The field of that exact name; dots have no meaning here.</summary>
    public bool TryGetField(string name, [MaybeNullWhen(false)] out HoconValue value) => _fields.TryGetValue(name, out value);

    /// <summary>Follows a path of plain names: <c>meshnode.http.bind</c>.</summary>
    public bool TryGetPath(string path, [MaybeNullWhen(false)] out HoconValue value) => TryGetPath(path.Split('.'), out value);

    /// <summary>Follows names, of which each may contain anything.</summary>
    public bool TryGetPath(IReadOnlyList<string> names, [MaybeNullWhen(false)] out HoconValue value)
    {
        value = this;
        foreach (var name in names)
        {
            if (value is not HoconObject parent || !parent.TryGetField(name, out value))
            {
                value = null;
                return false;
            }
        }

        return true;
    }

    /// <summary>A copy in which the value at a path of plain names is <paramref name="value"/>, objects made on the way.</summary>
    public HoconObject With(string path, HoconValue value)
    {
        var top = new HoconObject(value.Origin);
        var parent = top;
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            var child = new HoconObject(value.Origin);
            parent.Set(name, child);
            parent = child;
        }

        parent.Set(names[^1], value);
        return Merge(this, top);
    }

    /// <summary>
    /// Both objects' fields; where both have one, the upper's wins, except that two objects merge in turn.
    /// (HOCON specification, "Duplicate keys and object merging".)
    /// </summary>
    public static HoconObject Merge(HoconObject lower, HoconObject upper)
    {
        var merged = new HoconObject(upper.Origin);
        foreach (var (name, value) in lower._fields)
        {
            merged.Set(name, value);
        }

        foreach (var (name, value) in upper._fields)
        {
            merged.Set(name, merged.TryGetField(name, out var below) && below is HoconObject left && value is HoconObject right
                ? Merge(left, right)
                : value);
        }

        return merged;
    }

    public override string Describe() => "an object";

    internal void Set(string name, HoconValue value) => _fields[name] = value;
}
