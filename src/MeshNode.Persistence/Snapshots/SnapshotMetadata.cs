namespace MeshNode.Persistence;

/// <param name="PersistenceId">Of the actor whose state it is.</param>
/// <param name="SequenceNr">Of the last event that is in it; 0 if none is.</param>
/// <param name="Timestamp">When it was taken, UTC; <see cref="DateTime.MinValue"/> where that is not known.</param>
public sealed record SnapshotMetadata(string PersistenceId, long SequenceNr, DateTime Timestamp)
{
    public SnapshotMetadata(string persistenceId, long sequenceNr)
        : this(persistenceId, sequenceNr, DateTime.MinValue)
    {
    }
}
