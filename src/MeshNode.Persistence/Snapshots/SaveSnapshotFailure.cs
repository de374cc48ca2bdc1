namespace MeshNode.Persistence;

/// <summary>Answers <c>SaveSnapshot</c>; the actor goes on, for its events hold everything.</summary>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);
