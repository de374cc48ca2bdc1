namespace MeshNode.Mesh;

/// <param name="Id">The node's own id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Udp">The UDP addresses that it is bound to, as <c>ADDR:PORT</c>.</param>
/// <param name="PeerCount">Peers that it is connected to at this moment.</param>
/// <param name="Signaling">What came and went through its signalling.</param>
public sealed record MeshStatus(string Id, string Name, IReadOnlyList<string> Udp, int PeerCount, MeshSignaling Signaling);
