using MeshNode.Mesh;

namespace MeshNode.Node.Http;

/// <summary>What <c>GET /api/control/status</c> and <c>meshnode status --json</c> give.</summary>
/// <param name="Id">The node's id.</param>
/// <param name="Name">Its display name.</param>
/// <param name="Version">Of the program.</param>
/// <param name="UptimeSeconds">Since the mesh was started.</param>
/// <param name="Http">The address that the HTTP server is bound to.</param>
/// <param name="Udp">The UDP address; the first where there are several.</param>
/// <param name="PeerCount">Peers that it is connected to.</param>
/// <param name="Signaling">Messages opened, relayed and refused, with the reasons.</param>
/// <param name="Pid">The process.</param>
internal sealed record StatusResponse(
    string Id, string Name, string Version, double UptimeSeconds, string Http, string Udp, int PeerCount, MeshSignaling Signaling, int Pid);
