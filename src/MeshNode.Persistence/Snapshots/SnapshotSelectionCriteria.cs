namespace MeshNode.Persistence;

/// <summary>Which snapshots to load or delete; all bounds are included.</summary>
/// <param name="MaxTimeStamp">UTC.</param>
/// <param name="MinTimestamp">UTC; null for no bound.</param>
public sealed record SnapshotSelectionCriteria(
    long MaxSequenceNr,
    DateTime MaxTimeStamp,
    long MinSequenceNr = 0,
    DateTime? MinTimestamp = null)
{
    public SnapshotSelectionCriteria(long maxSequenceNr)
        : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    /// <summary>The newest that there is.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue, DateTime.MaxValue);

    /// <summary>None at all: recovery then begins with the first event.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0, DateTime.MinValue);

    public bool IsMatch(SnapshotMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return metadata.SequenceNr >= MinSequenceNr && metadata.SequenceNr <= MaxSequenceNr
            && metadata.Timestamp <= MaxTimeStamp && (MinTimestamp is not { } min || metadata.Timestamp >= min);
    }

    /// <summary>No store need be asked.</summary>
    internal bool MatchesNothing => MaxTimeStamp == DateTime.MinValue || MaxSequenceNr < MinSequenceNr;

    /// <summary>These, but nothing above <paramref name="toSequenceNr"/>.</summary>
    internal SnapshotSelectionCriteria Limit(long toSequenceNr) =>
        toSequenceNr < MaxSequenceNr ? this with { MaxSequenceNr = toSequenceNr } : this;
}
