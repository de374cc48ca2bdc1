namespace MeshNode.Persistence;

/// <param name="Value">Bytes as stored, a JSON node, or an object that an upcaster made.</param>
internal readonly record struct UpcastStep(string Manifest, int Version, object Value);
