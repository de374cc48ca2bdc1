namespace MeshNode.Rtc;

/// <summary>
/// Told at once, before the owner reads events, what a shared port must know to find the connection:
/// the datagram behind the current one may already need it.
/// </summary>
internal interface IPeerConnectionRouting
{
    /// <summary>A check with good integrity came; its source may be forged by the peer.</summary>
    void PathAuthenticated(PeerConnection connection, in TransportPath path);

    /// <summary>The peer answered there.</summary>
    void PathValidated(PeerConnection connection, in TransportPath path);

    void LocalCredentialsChanged(PeerConnection connection);
}
