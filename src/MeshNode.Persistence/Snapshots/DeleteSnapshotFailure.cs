namespace MeshNode.Persistence;

/// <summary>Answers <c>DeleteSnapshot</c>.</summary>
public sealed record DeleteSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);
