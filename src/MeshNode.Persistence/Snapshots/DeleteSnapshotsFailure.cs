namespace MeshNode.Persistence;

/// <summary>Answers <c>DeleteSnapshots</c>.</summary>
public sealed record DeleteSnapshotsFailure(SnapshotSelectionCriteria Criteria, Exception Cause);
