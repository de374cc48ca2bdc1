namespace MeshNode.Rtc;

/// <summary>W3C RTCPeerConnectionState.</summary>
public enum PeerConnectionState
{
    /// <summary>Nothing is negotiated yet.</summary>
    New,

    /// <summary>ICE checks or the DTLS handshake run.</summary>
    Connecting,

    /// <summary>A path is selected and the DTLS handshake, with the right certificate, is complete.</summary>
    Connected,

    /// <summary>The path gives no answers at the moment; it may come back by itself.</summary>
    Disconnected,

    /// <summary>No path works. An ICE restart may bring it back unless DTLS failed.</summary>
    Failed,

    /// <summary>Ended by either side; nothing more happens.</summary>
    Closed,
}
