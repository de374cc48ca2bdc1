namespace MeshNode.Mesh;

/// <summary>What became of signed and sealed messages since the node was started.</summary>
/// <param name="Opened">For this node, and accepted.</param>
/// <param name="Relayed">For others, and passed on.</param>
/// <param name="Duplicates">Copies that this node had passed on before.</param>
/// <param name="Refused">Forged, altered, replayed and the like, by reason; a reason that never occurred is absent.</param>
public sealed record MeshSignaling(long Opened, long Relayed, long Duplicates, IReadOnlyDictionary<string, long> Refused);
