namespace MeshNode.Persistence;

/// <summary>Answers <c>SaveSnapshot</c>: it is durable.</summary>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata);
