namespace MeshNode.Persistence.Snapshots;

/// <summary>A snapshot as it stands in a store.</summary>
/// <param name="Metadata">With its timestamp in UTC; stores keep all of its ticks.</param>
/// <param name="Manifest">The registered, stable name of its kind; see <see cref="Journal.StoredEvent"/>.</param>
/// <param name="Version">Of its shape, from 1.</param>
/// <param name="Payload">Opaque to stores.</param>
public sealed record StoredSnapshot(SnapshotMetadata Metadata, string Manifest, int Version, ReadOnlyMemory<byte> Payload);
