namespace MeshNode.Rtc.Dtls;

/// <summary>States of a DTLS transport as the W3C's RTCDtlsTransportState names them.</summary>
public enum DtlsState
{
    New,
    Connecting,
    Connected,

    /// <summary>Ended by a close_notify, ours or the peer's.</summary>
    Closed,

    /// <summary>Ended by an alert, a wrong certificate or an unanswered handshake.</summary>
    Failed,
}
