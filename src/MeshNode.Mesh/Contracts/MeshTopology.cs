namespace MeshNode.Mesh;

/// <summary>Who is connected to whom, as far as signed adverts have told this node.</summary>
public sealed record MeshTopology(IReadOnlyList<MeshTopologyNode> Nodes, IReadOnlyList<MeshTopologyLink> Links);
