using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace MeshNode.Hocon.Configuration;

/// <summary>
/// Flattens a document into the keys of <see cref="IConfiguration"/>: <c>a.b</c> becomes <c>a:b</c>, a list's items
/// <c>a:0</c>, <c>a:1</c>. Those keys ignore case where HOCON's do not: of two that differ in case alone, the later wins.
/// An empty list or object is an empty value, as in the JSON provider; null is a key without a value.
/// </summary>
public sealed class HoconConfigurationProvider(Func<HoconObject> load) : ConfigurationProvider
{
    private readonly Dictionary<string, HoconPosition> _positions = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="HoconException">The text is not HOCON.</exception>
    public override void Load()
    {
        Data.Clear();
        _positions.Clear();
        foreach (var (name, value) in load().Fields)
        {
            Add(name, value);
        }
    }

    /// <summary>Where the value of a key was written, for messages.</summary>
    public bool TryGetPosition(string key, out HoconPosition position) => _positions.TryGetValue(key, out position);

    private void Add(string key, HoconValue value)
    {
        _positions[key] = value.Position;
        switch (value)
        {
            case HoconObject { Count: > 0 } parent:
                foreach (var (name, field) in parent.Fields)
                {
                    Add(ConfigurationPath.Combine(key, name), field);
                }

                break;
            case HoconArray { Items.Count: > 0 } list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Add(ConfigurationPath.Combine(key, i.ToString(CultureInfo.InvariantCulture)), list.Items[i]);
                }

                break;
            case HoconScalar scalar:
                Data[key] = scalar.IsNull ? null : scalar.Text;
                break;
            default:
                Data[key] = "";
                break;
        }
    }
}
