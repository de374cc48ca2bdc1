using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Journal;

/// <summary>What a <see cref="RecoveryReader"/> tells its actor, in this order: the snapshot, pages of events, or a failure.</summary>
internal abstract class RecoveryMessage(RecoveryReader reader) : PersistenceMessage
{
    /// <summary>Who read it: an actor ignores what another than its own one tells.</summary>
    public RecoveryReader Reader { get; } = reader;

    internal sealed class SnapshotRead(RecoveryReader reader, StoredSnapshot? snapshot) : RecoveryMessage(reader)
    {
        public StoredSnapshot? Snapshot { get; } = snapshot;
    }

    internal sealed class EventsRead(RecoveryReader reader, IReadOnlyList<StoredEvent> events, long highestSequenceNr, bool isLast) : RecoveryMessage(reader)
    {
        public IReadOnlyList<StoredEvent> Events { get; } = events;

        public long HighestSequenceNr { get; } = highestSequenceNr;

        public bool IsLast { get; } = isLast;
    }

    internal sealed class Failed(RecoveryReader reader, Exception cause) : RecoveryMessage(reader)
    {
        public Exception Cause { get; } = cause;
    }

    /// <summary>Comes every <see cref="PersistenceSettings.RecoveryEventTimeout"/>.</summary>
    internal sealed class Tick(RecoveryReader reader) : RecoveryMessage(reader);
}
