namespace MeshNode.Persistence;

/// <summary>Answers <c>DeleteSnapshot</c>.</summary>
public sealed record DeleteSnapshotSuccess(SnapshotMetadata Metadata);
