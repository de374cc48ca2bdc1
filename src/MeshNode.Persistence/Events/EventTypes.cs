using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence;

/// <summary>
/// The events and snapshots that may stand in a store: a stable name and a version for each CLR type, and how older
/// versions become newer ones. A type's name is never stored, and no type is ever loaded by what a store says. Complete it
/// before the first system uses it; from then on it is immutable and may be shared.
/// </summary>
/// <remarks>
/// Known from the start, as <c>system.*</c>: string, bool, int, long, double, decimal, Guid, DateTime, DateTimeOffset, and
/// <see cref="AtLeastOnceDeliverySnapshot"/>.
/// </remarks>
public sealed class EventTypes
{
    private readonly Dictionary<Type, EventContract> _byType = [];
    private readonly Dictionary<string, EventContract> _byManifest = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Manifest, int Version), Upcaster> _upcasters = [];
    private readonly Dictionary<string, string> _renamed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _retired = new(StringComparer.Ordinal);
    private readonly List<(Type Type, IWriteEventAdapter Adapter)> _writeAdapters = [];
    private readonly List<(Type Type, IReadEventAdapter Adapter)> _readAdapters = [];
    private readonly JsonSerializerOptions _options;
    private readonly int _builtIn;
    private bool _frozen;

    public EventTypes()
    {
        Deliveries = new DeliverySnapshotConverter(this);
        _options = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver(), Converters = { Deliveries } };
        Add<string>("system.string").Add<bool>("system.bool").Add<int>("system.int").Add<long>("system.long")
            .Add<double>("system.double").Add<decimal>("system.decimal").Add<Guid>("system.guid")
            .Add<DateTime>("system.datetime").Add<DateTimeOffset>("system.datetimeoffset")
            .Add<AtLeastOnceDeliverySnapshot>("system.deliveries");
        _builtIn = _byManifest.Count;
    }

    /// <summary>
    /// Reads and writes <see cref="AtLeastOnceDeliverySnapshot"/> inside of snapshots, with these types for its messages. Types that are
    /// registered without a type info have it; a source-generated context takes it among its options' converters.
    /// </summary>
    public JsonConverter Deliveries { get; }

    /// <summary>Registers the newest shape of a kind of event or snapshot, as JSON.</summary>
    /// <param name="manifest">Its stable name, 1 to 255 characters: it stands in the store for good.</param>
    /// <param name="version">From 1; raised with each change of shape that older code or data cannot meet.</param>
    /// <param name="typeInfo">From a source-generated context; by reflection when null.</param>
    /// <exception cref="ArgumentException">The type or the name is registered already.</exception>
    public EventTypes Add<T>(string manifest, int version = 1, JsonTypeInfo<T>? typeInfo = null)
        where T : notnull => Add(new EventContract.Json(typeInfo ?? _options.GetTypeInfo(typeof(T)), manifest, version));

    /// <summary>Registers the newest shape of a kind of event or snapshot that is not JSON.</summary>
    /// <inheritdoc cref="Add{T}(string, int, JsonTypeInfo{T})"/>
    public EventTypes Add<T>(
        string manifest, int version, Func<T, ReadOnlyMemory<byte>> serialize, Func<ReadOnlyMemory<byte>, T> deserialize)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(serialize);
        ArgumentNullException.ThrowIfNull(deserialize);
        return Add(new EventContract.Custom<T>(manifest, version, serialize, deserialize));
    }

    /// <summary>From <paramref name="fromVersion"/> to the next, in JSON.</summary>
    /// <param name="upcast">May change and give back its argument; null drops the event.</param>
    public EventTypes Upcast(string manifest, int fromVersion, Func<JsonNode, JsonNode?> upcast)
    {
        ArgumentNullException.ThrowIfNull(upcast);
        return Add(manifest, fromVersion, new Upcaster.OfJson(_options, upcast));
    }

    /// <summary>From the type that was registered for <paramref name="fromVersion"/> to the next one.</summary>
    /// <param name="upcast">Null drops the event.</param>
    /// <param name="oldType">How the old type is read; by reflection when null.</param>
    public EventTypes Upcast<TOld, TNew>(string manifest, int fromVersion, Func<TOld, TNew?> upcast, JsonTypeInfo<TOld>? oldType = null)
        where TOld : notnull
        where TNew : notnull
    {
        ArgumentNullException.ThrowIfNull(upcast);
        return Add(manifest, fromVersion, new Upcaster.OfType<TOld, TNew>(oldType ?? (JsonTypeInfo<TOld>)_options.GetTypeInfo(typeof(TOld)), upcast));
    }

    /// <summary>From <paramref name="fromVersion"/> to any number of events, of this kind or others.</summary>
    public EventTypes UpcastToMany(string manifest, int fromVersion, Func<JsonNode, IEnumerable<UpcastEvent>> upcast)
    {
        ArgumentNullException.ThrowIfNull(upcast);
        return Add(manifest, fromVersion, new Upcaster.ToMany(_options, upcast));
    }

    /// <summary>What is stored under an old name is read as if it stood under the new one.</summary>
    public EventTypes Rename(string oldManifest, string manifest)
    {
        CheckOpen();
        if (_byManifest.ContainsKey(oldManifest) || !_renamed.TryAdd(oldManifest, manifest))
        {
            throw new ArgumentException($"{oldManifest} is registered already.", nameof(oldManifest));
        }

        return this;
    }

    /// <summary>What is stored under this name is passed over: nobody needs it any more.</summary>
    public EventTypes Retire(string manifest)
    {
        CheckOpen();
        _retired.Add(manifest);
        return this;
    }

    /// <summary>For events of type <typeparamref name="T"/> and derived ones; the first that fits is taken.</summary>
    public EventTypes Adapt<T>(IEventAdapter adapter) => AdaptWrites<T>(adapter).AdaptReads<T>(adapter);

    /// <inheritdoc cref="Adapt{T}(IEventAdapter)"/>
    public EventTypes AdaptWrites<T>(IWriteEventAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        CheckOpen();
        _writeAdapters.Add((typeof(T), adapter));
        return this;
    }

    /// <inheritdoc cref="Adapt{T}(IEventAdapter)"/>
    public EventTypes AdaptReads<T>(IReadEventAdapter adapter)
    {
        ArgumentNullException.ThrowIfNull(adapter);
        CheckOpen();
        _readAdapters.Add((typeof(T), adapter));
        return this;
    }

    /// <summary>
    /// The registered shapes as text, in order of their names. Keep it in a file and compare it in a test: who changes a
    /// shape then sees that it is one, and raises the version.
    /// </summary>
    public string DescribeShapes()
    {
        var shapes = new JsonObject();
        foreach (var contract in _byManifest.Values.Skip(_builtIn).OrderBy(contract => contract.Manifest, StringComparer.Ordinal))
        {
            shapes.Add(contract.Manifest, new JsonObject
            {
                ["version"] = contract.Version,
                ["shape"] = contract.TypeInfo is { } info ? info.GetJsonSchemaAsNode() : "not JSON",
            });
        }

        return shapes.ToJsonString(new JsonSerializerOptions { WriteIndented = true, NewLine = "\n", TypeInfoResolver = new DefaultJsonTypeInfoResolver() });
    }

    internal EventTypes Freeze()
    {
        _frozen = true;
        return this;
    }

    internal EventContract? ContractOf(Type type) => _byType.GetValueOrDefault(type);

    internal EventContract? ContractOf(string manifest) => _byManifest.GetValueOrDefault(manifest);

    internal Upcaster? UpcasterOf(string manifest, int version) => _upcasters.GetValueOrDefault((manifest, version));

    internal string NewestName(string manifest) => _renamed.TryGetValue(manifest, out var newer) ? NewestName(newer) : manifest;

    internal bool IsRetired(string manifest) => _retired.Count > 0 && _retired.Contains(manifest);

    internal IWriteEventAdapter? WriteAdapterOf(Type type) => _writeAdapters.Find(entry => entry.Type.IsAssignableFrom(type)).Adapter;

    internal IReadEventAdapter? ReadAdapterOf(Type type) => _readAdapters.Find(entry => entry.Type.IsAssignableFrom(type)).Adapter;

    private EventTypes Add(EventContract contract)
    {
        CheckOpen();
        if (string.IsNullOrEmpty(contract.Manifest) || contract.Manifest.Length > 255)
        {
            throw new ArgumentException("A manifest has 1 to 255 characters.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(contract.Version, 1);
        if (_byType.ContainsKey(contract.Type) || !_byManifest.TryAdd(contract.Manifest, contract))
        {
            throw new ArgumentException($"{contract.Type} or its manifest {contract.Manifest} is registered already.");
        }

        _byType.Add(contract.Type, contract);
        return this;
    }

    private EventTypes Add(string manifest, int fromVersion, Upcaster upcaster)
    {
        CheckOpen();
        ArgumentException.ThrowIfNullOrEmpty(manifest);
        ArgumentOutOfRangeException.ThrowIfLessThan(fromVersion, 1);
        if (!_upcasters.TryAdd((manifest, fromVersion), upcaster))
        {
            throw new ArgumentException($"{manifest} has an upcaster from version {fromVersion} already.");
        }

        return this;
    }

    private void CheckOpen()
    {
        if (_frozen)
        {
            throw new InvalidOperationException("These event types are in use: register all of them before the first system starts.");
        }
    }
}
