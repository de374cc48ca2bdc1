namespace MeshNode.Mesh;

/// <param name="Id">The id of a node or peer of the mesh; this node is among them.</param>
/// <param name="Name">Its display name; empty while unknown.</param>
/// <param name="Kind"><c>node</c>, or <c>peer</c> for a browser tab and other peers that relay nothing.</param>
public sealed record MeshTopologyNode(string Id, string Name, string Kind);
