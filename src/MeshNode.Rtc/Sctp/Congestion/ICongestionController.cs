namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// Decides how many bytes may be in flight and how fast they leave. Told of what happened, asked for window and rate; it neither
/// sends nor keeps time, so that another algorithm can take its place.
/// </summary>
internal interface ICongestionController
{
    /// <summary>cwnd in bytes; at least one packet.</summary>
    int CongestionWindow { get; }

    /// <summary>Bytes a second at which DATA may leave; 0 for no limit.</summary>
    double PacingRate { get; }

    /// <summary>A SACK acknowledged bytes, or bytes were found to be lost.</summary>
    void OnDelivery(in DeliverySample sample);

    /// <summary>T3-rtx expired, with what is still in flight: nearly always 0.</summary>
    void OnRetransmissionTimeout(int bytesInFlight);

    /// <summary>What the timeout called lost has arrived: it was late, so what the timeout did is taken back.</summary>
    void OnSpuriousTimeout();

    /// <summary>Sending resumes after idleness of this many RTOs.</summary>
    void OnIdle(int retransmissionTimeouts);

    /// <summary>The path takes packets of another size, in bytes; what is in flight stays.</summary>
    void OnPacketSizeChanged(int maxPacketSize);
}
