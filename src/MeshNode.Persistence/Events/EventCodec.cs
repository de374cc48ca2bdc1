using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence;

/// <summary>Between the objects of actors and the bytes of stores, by <see cref="EventTypes"/>. Any thread.</summary>
internal sealed class EventCodec(EventTypes types)
{
    private const int MostUpcasts = 10_000; // steps of one event: more is a registration that goes in circles

    private readonly EventTypes _types = types.Freeze();
    private readonly ConcurrentDictionary<Type, IWriteEventAdapter?> _writeAdapters = new();
    private readonly ConcurrentDictionary<Type, IReadEventAdapter?> _readAdapters = new();

    /// <summary>What is stored for an event, adapted and with its tags.</summary>
    /// <exception cref="EventTypeException">Its type is not registered, or it cannot be serialized.</exception>
    public StoredEvent Encode(string persistenceId, long sequenceNr, object @event, long timestamp)
    {
        var adapter = _writeAdapters.GetOrAdd(@event.GetType(), static (type, types) => types.WriteAdapterOf(type), _types);
        var value = adapter is null ? @event : adapter.ToJournal(@event);
        IReadOnlyList<string> tags = [];
        if (value is Tagged tagged)
        {
            (value, tags) = (tagged.Payload, [.. tagged.Tags]);
        }

        var (contract, payload) = Serialize(value);
        return new StoredEvent(persistenceId, sequenceNr, contract.Manifest, contract.Version, payload, timestamp, tags);
    }

    /// <inheritdoc cref="Encode"/>
    public (EventContract Contract, ReadOnlyMemory<byte> Payload) Serialize(object value)
    {
        var contract = _types.ContractOf(value.GetType()) ?? throw new EventTypeException(
            $"{value.GetType()} is not registered: add it to the PersistenceSetup's EventTypes, as Add<{value.GetType().Name}>(\"a-stable-name\").");
        try
        {
            return (contract, contract.Serialize(value));
        }
        catch (Exception e)
        {
            throw new EventTypeException($"{value.GetType()} cannot be serialized: {e.Message}", e);
        }
    }

    /// <summary>Adds the events that a stored one stands for, none or several.</summary>
    /// <exception cref="EventTypeException">Its kind or version is unknown, or its bytes do not fit.</exception>
    public void Decode(StoredEvent stored, List<object> into)
    {
        var first = into.Count;
        Deserialize(new StoredShape(stored.Manifest, stored.Version, stored.PersistenceId, stored.SequenceNr), stored.Payload, into);
        for (var index = first; index < into.Count; index++)
        {
            if (ReadAdapterOf(into[index]) is not null)
            {
                Adapt(into, first);
                return;
            }
        }
    }

    /// <summary>The one object that a stored snapshot stands for; null when its upcasters dropped it.</summary>
    /// <inheritdoc cref="Decode"/>
    public object? DecodeSnapshot(Snapshots.StoredSnapshot stored)
    {
        var shape = new StoredShape(stored.Manifest, stored.Version, stored.Metadata.PersistenceId, stored.Metadata.SequenceNr);
        List<object> values = [];
        Deserialize(shape, stored.Payload, values);
        return values.Count <= 1 ? values.FirstOrDefault() : throw new EventTypeException(shape, "A snapshot was upcast to more than one object.");
    }

    /// <summary>Upcasts and deserializes.</summary>
    public void Deserialize(in StoredShape shape, ReadOnlyMemory<byte> payload, List<object> into)
    {
        try
        {
            if (_types.ContractOf(shape.Manifest) is { } contract && contract.Version == shape.Version)
            {
                into.Add(contract.Deserialize(payload) ?? throw new JsonException("null is no event."));
            }
            else
            {
                Upcast(shape, payload, into);
            }
        }
        catch (Exception e) when (e is not EventTypeException)
        {
            throw new EventTypeException(shape, $"What is stored cannot be read: {e.Message}", e);
        }
    }

    private void Upcast(in StoredShape shape, ReadOnlyMemory<byte> payload, List<object> into)
    {
        List<UpcastStep> waiting = [new UpcastStep(shape.Manifest, shape.Version, payload)]; // the next one last
        for (var steps = 0; waiting.Count > 0; steps++)
        {
            if (steps == MostUpcasts)
            {
                throw new EventTypeException(shape, "Its upcasters go in circles.");
            }

            var step = waiting[^1];
            waiting.RemoveAt(waiting.Count - 1);
            step = step with { Manifest = _types.NewestName(step.Manifest) };
            var contract = _types.ContractOf(step.Manifest);
            if (_types.IsRetired(step.Manifest))
            {
                continue;
            }

            if (contract is not null && contract.Version == step.Version)
            {
                into.Add(Finish(contract, step));
            }
            else if (_types.UpcasterOf(step.Manifest, step.Version) is { } upcaster)
            {
                var start = waiting.Count;
                upcaster.Apply(step, waiting);
                waiting.Reverse(start, waiting.Count - start);
            }
            else
            {
                throw new EventTypeException(shape, Missing(contract, step));
            }
        }
    }

    private static object Finish(EventContract contract, in UpcastStep step) => step.Value switch
    {
        ReadOnlyMemory<byte> bytes => contract.Deserialize(bytes),
        JsonNode json => contract.Deserialize(json),
        var value when contract.Type.IsInstanceOfType(value) => value,
        var other => throw new InvalidOperationException($"Its upcaster gave {other.GetType()}; {contract.Manifest} version {contract.Version} is {contract.Type}."),
    } ?? throw new JsonException("null is no event.");

    private static string Missing(EventContract? contract, in UpcastStep step) => contract switch
    {
        null => $"Nothing is registered for {step.Manifest}: add its type, Rename it, or Retire it if nobody needs it.",
        _ when step.Version > contract.Version =>
            $"{step.Manifest} version {step.Version} was written by a newer program: this one knows version {contract.Version}.",
        _ => $"No upcaster is registered for {step.Manifest} from version {step.Version}: the newest is {contract.Version}.",
    };

    private IReadEventAdapter? ReadAdapterOf(object @event) =>
        _readAdapters.GetOrAdd(@event.GetType(), static (type, types) => types.ReadAdapterOf(type), _types);

    private void Adapt(List<object> events, int first)
    {
        var stored = events[first..];
        events.RemoveRange(first, stored.Count);
        foreach (var @event in stored)
        {
            if (ReadAdapterOf(@event) is { } adapter)
            {
                events.AddRange(adapter.FromJournal(@event, _types.ContractOf(@event.GetType())?.Manifest ?? string.Empty).Events);
            }
            else
            {
                events.Add(@event);
            }
        }
    }
}
