namespace MeshNode.Rtc.Sctp;

/// <summary>States of an association (RFC 9260 §4).</summary>
public enum SctpState
{
    /// <summary>No association: not begun, or ended.</summary>
    Closed,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownPending,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAckSent,
}
