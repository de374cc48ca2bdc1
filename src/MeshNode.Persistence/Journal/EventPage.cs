namespace MeshNode.Persistence.Journal;

/// <param name="Events">By rising sequence number.</param>
/// <param name="HighestSequenceNr">Of the persistence id, read not after the events: see <see cref="IEventStore.ReadHighestSequenceNrAsync"/>.</param>
/// <param name="HasMore">Whether the asked range may hold events after these; when true there is at least one here.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, long HighestSequenceNr, bool HasMore);
