namespace MeshNode.Persistence;

/// <summary>From what an actor recovers; by default from the newest snapshot and all events after it.</summary>
/// <param name="FromSnapshot">Which snapshots may be offered.</param>
/// <param name="ToSequenceNr">The last event to recover, included.</param>
/// <param name="ReplayMax">How many events to recover at most.</param>
public sealed record Recovery(SnapshotSelectionCriteria FromSnapshot, long ToSequenceNr, long ReplayMax)
{
    public Recovery()
        : this(SnapshotSelectionCriteria.Latest)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot)
        : this(fromSnapshot, long.MaxValue, long.MaxValue)
    {
    }

    public Recovery(SnapshotSelectionCriteria fromSnapshot, long toSequenceNr)
        : this(fromSnapshot, toSequenceNr, long.MaxValue)
    {
    }

    public static Recovery Default { get; } = new();

    /// <summary>Neither a snapshot nor events; the actor goes on after the highest sequence number.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0, long.MaxValue);
}
