namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// Loss-based congestion control (RFC 9260 §7.2), paced at a little more than a window per round trip. Departures: an initial window of
/// ten packets (RFC 6928), and slow start grows by all bytes that a SACK acknowledges rather than one packet, because a far side
/// that reads datagrams in batches sends one SACK for many.
/// </summary>
internal sealed class NewRenoCongestionController : ICongestionController
{
    private static readonly TimeSpan MinimumPacedRoundTrip = TimeSpan.FromMilliseconds(1);

    private readonly int _initialWindowPackets;
    private int _maxPacketSize;
    private int _slowStartThreshold = int.MaxValue;
    private int _partialBytesAcked;
    private (int Window, int Threshold) _beforeTimeout;

    public NewRenoCongestionController(int maxPacketSize, int initialWindowPackets)
    {
        _maxPacketSize = maxPacketSize;
        _initialWindowPackets = initialWindowPackets;
        CongestionWindow = maxPacketSize * initialWindowPackets;
    }

    public int CongestionWindow { get; private set; }

    public double PacingRate { get; private set; }

    private int MinimumThreshold => 4 * _maxPacketSize;

    public void OnDelivery(in DeliverySample sample)
    {
        if (sample.EntersFastRecovery)
        {
            _slowStartThreshold = Math.Max(CongestionWindow / 2, MinimumThreshold); // §7.2.3
            CongestionWindow = _slowStartThreshold;
            _partialBytesAcked = 0;
        }
        else if (sample.BytesAcknowledged > 0)
        {
            Grow(sample);
        }

        SetPacingRate(sample.SmoothedRoundTrip);
    }

    public void OnRetransmissionTimeout(int bytesInFlight)
    {
        _beforeTimeout = (CongestionWindow, _slowStartThreshold);
        _slowStartThreshold = Math.Max(CongestionWindow / 2, MinimumThreshold); // §7.2.3
        CongestionWindow = _maxPacketSize;
        _partialBytesAcked = 0;
    }

    public void OnSpuriousTimeout() =>
        (CongestionWindow, _slowStartThreshold) = (Math.Max(CongestionWindow, _beforeTimeout.Window), Math.Max(_slowStartThreshold, _beforeTimeout.Threshold));

    public void OnIdle(int retransmissionTimeouts)
    {
        // §7.2.1: "cwnd … SHOULD be adjusted to max(cwnd / 2, 4 * PMTU) per RTO".
        var floor = Math.Min(CongestionWindow, _initialWindowPackets * _maxPacketSize);
        CongestionWindow = Math.Max(CongestionWindow >> Math.Min(retransmissionTimeouts, 30), floor);
        _partialBytesAcked = 0;
    }

    public void OnPacketSizeChanged(int maxPacketSize)
    {
        _maxPacketSize = maxPacketSize;
        CongestionWindow = Math.Max(CongestionWindow, maxPacketSize);
    }

    private void Grow(in DeliverySample sample)
    {
        // §7.2.1: cwnd grows only when "the current congestion window is being fully utilized", the cumulative point moved
        // and the sender is not in fast recovery. The last packet may not have fitted.
        var isWindowUsed = sample.BytesInFlightBefore + _maxPacketSize >= CongestionWindow;
        if (sample.IsInFastRecovery || !sample.CumulativeAdvanced || !isWindowUsed)
        {
            return;
        }

        if (CongestionWindow <= _slowStartThreshold)
        {
            CongestionWindow = (int)Math.Min((long)CongestionWindow + sample.BytesAcknowledged, int.MaxValue / 2);
            return;
        }

        _partialBytesAcked += sample.BytesAcknowledged; // §7.2.2
        if (_partialBytesAcked >= CongestionWindow)
        {
            _partialBytesAcked -= CongestionWindow;
            CongestionWindow = Math.Min(CongestionWindow + _maxPacketSize, int.MaxValue / 2);
        }
    }

    /// <summary>Faster than the window asks for, so that it is used and may grow.</summary>
    private void SetPacingRate(TimeSpan? smoothedRoundTrip)
    {
        var roundTrip = smoothedRoundTrip ?? TimeSpan.Zero;
        var gain = CongestionWindow < _slowStartThreshold ? 2 : 1.25;
        PacingRate = roundTrip < MinimumPacedRoundTrip ? 0 : gain * CongestionWindow / roundTrip.TotalSeconds;
    }
}
