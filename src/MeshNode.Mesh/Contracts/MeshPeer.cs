namespace MeshNode.Mesh;

/// <summary>A peer that the node has an actor for, in whatever state.</summary>
/// <param name="Id">The peer's id.</param>
/// <param name="Name">Its display name; empty while unknown.</param>
/// <param name="State">A state of SPEC §1.6 in lower case: new, connecting, connected, disconnected, reconnecting, failed, closed.</param>
/// <param name="Path"><c>direct</c> or <c>relayed</c>.</param>
/// <param name="RttMs">Smoothed round-trip time in milliseconds; null while unknown.</param>
/// <param name="Channels">Its data channels; empty while there is no connection.</param>
public sealed record MeshPeer(
    string Id, string Name, string State, string Path, double? RttMs, IReadOnlyList<MeshChannel> Channels);
