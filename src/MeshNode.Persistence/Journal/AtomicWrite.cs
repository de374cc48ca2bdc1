namespace MeshNode.Persistence.Journal;

/// <summary>Events that are stored all or not at all.</summary>
/// <param name="PersistenceId">The one of all its events.</param>
/// <param name="Events">At least one, with consecutive sequence numbers.</param>
/// <param name="Fence">By which right; null for none.</param>
public sealed record AtomicWrite(string PersistenceId, IReadOnlyList<StoredEvent> Events, Fence? Fence = null)
{
    public long FirstSequenceNr => Events[0].SequenceNr;

    public long LastSequenceNr => Events[^1].SequenceNr;
}
