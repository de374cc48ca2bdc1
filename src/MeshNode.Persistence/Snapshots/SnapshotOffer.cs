namespace MeshNode.Persistence;

/// <summary>The first thing that a recovering actor receives, if there is a snapshot; only later events follow.</summary>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);
