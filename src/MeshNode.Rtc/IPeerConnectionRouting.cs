namespace MeshNode.Rtc;

/// <summary>
/// Told at once, before the owner reads events, what a shared port must know to find the connection:
/// the datagram behind the current one may already need it.
/// </summary>
internal interface IPeerConnectionRouting
{
    void PathAuthenticated(PeerConnection connection, in TransportPath path);

    void LocalCredentialsChanged(PeerConnection connection);
}
