using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Journal;

/// <summary>One event as it stands in a store. Immutable; a store may keep it, its payload and its tags.</summary>
/// <param name="PersistenceId">Whose it is; 1 to <see cref="MaxPersistenceIdLength"/> UTF-16 units, no NUL; compared ordinally.</param>
/// <param name="SequenceNr">From 1.</param>
/// <param name="Manifest">The registered, stable name of its kind, never a CLR type's name; 1 to 255 UTF-16 units.</param>
/// <param name="Version">Of its shape, from 1.</param>
/// <param name="Payload">What the event's serializer made: UTF-8 JSON by default. Opaque to stores; may be empty.</param>
/// <param name="Timestamp">When it was persisted, in <see cref="DateTime.Ticks"/> (100 ns) UTC. Stores keep all of it.</param>
/// <param name="Tags">No duplicates, no empty ones, at most 255 UTF-16 units each; usually the shared empty list.</param>
public sealed record StoredEvent(
    string PersistenceId,
    long SequenceNr,
    string Manifest,
    int Version,
    ReadOnlyMemory<byte> Payload,
    long Timestamp,
    IReadOnlyList<string> Tags)
{
    public const int MaxPersistenceIdLength = 1000;

    /// <summary>Its place among all events of the store. Set by <see cref="IEventStore.ReadByTagAsync"/>; null elsewhere.</summary>
    public Offset? Ordering { get; init; }
}
