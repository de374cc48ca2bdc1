namespace MeshNode.Persistence.Query;

/// <summary>One event as queries give it.</summary>
/// <param name="Offset">Where to go on from: after it.</param>
/// <param name="Event">Upcast and adapted; a stored event that stands for several gives as many envelopes, all with its offset.</param>
/// <param name="Timestamp">When it was persisted, in <see cref="DateTime.Ticks"/> UTC.</param>
public sealed record EventEnvelope(
    Offset Offset, string PersistenceId, long SequenceNr, object Event, long Timestamp, IReadOnlyList<string> Tags);
