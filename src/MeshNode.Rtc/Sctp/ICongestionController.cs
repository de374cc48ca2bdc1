namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Decides how many bytes may be in flight. Told of what happened, asked for the window; it neither sends nor keeps time,
/// so that another algorithm can take its place.
/// </summary>
internal interface ICongestionController
{
    /// <summary>cwnd in bytes; at least one packet.</summary>
    int CongestionWindow { get; }

    /// <summary>A SACK acknowledged bytes.</summary>
    /// <param name="bytesAcknowledged">Newly acknowledged, cumulatively or by gap blocks.</param>
    /// <param name="bytesInFlightBefore">In flight before the SACK; tells whether the window was used.</param>
    /// <param name="cumulativeAdvanced">Whether the cumulative TSN ack point moved.</param>
    /// <param name="isInFastRecovery">Whether a loss is being repaired.</param>
    void OnAcknowledged(int bytesAcknowledged, int bytesInFlightBefore, bool cumulativeAdvanced, bool isInFastRecovery);

    /// <summary>SACKs showed a loss; once per fast recovery.</summary>
    void OnFastRetransmit();

    /// <summary>T3-rtx expired.</summary>
    void OnRetransmissionTimeout();

    /// <summary>Sending resumes after idleness of this many RTOs.</summary>
    void OnIdle(int retransmissionTimeouts);

    /// <summary>The path takes packets of another size, in bytes.</summary>
    void OnPacketSizeChanged(int maxPacketSize);
}
