namespace MeshNode.Rtc.Ice;

/// <summary>The states of W3C's RTCIceTransport.</summary>
public enum IceConnectionState
{
    /// <summary>The far side's credentials are not known yet.</summary>
    New,

    /// <summary>Checks are being sent and no pair has succeeded.</summary>
    Checking,

    /// <summary>A pair has succeeded and may carry data; nothing is nominated yet (RFC 8445 §12.1).</summary>
    Connected,

    /// <summary>The nominated pair carries data.</summary>
    Completed,

    /// <summary>The selected pair has stopped answering; it may come back by itself.</summary>
    Disconnected,

    /// <summary>No pair succeeded in time, or consent expired (RFC 7675). Only a restart leads out.</summary>
    Failed,

    Closed,
}
