namespace MeshNode.Persistence;

/// <summary>What a stored event or snapshot says of its shape, and where it stands.</summary>
internal readonly record struct StoredShape(string Manifest, int Version, string PersistenceId, long SequenceNr);
