namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Loss-based congestion control (RFC 9260 §7.2). Departures: an initial window of ten packets (RFC 6928), and slow start
/// grows by all bytes that a SACK acknowledges rather than one packet, because a far side that reads datagrams in batches
/// sends one SACK for many.
/// </summary>
internal sealed class NewRenoCongestionController : ICongestionController
{
    private readonly int _initialWindowPackets;
    private int _maxPacketSize;
    private int _slowStartThreshold = int.MaxValue;
    private int _partialBytesAcked;

    public NewRenoCongestionController(int maxPacketSize, int initialWindowPackets)
    {
        _maxPacketSize = maxPacketSize;
        _initialWindowPackets = initialWindowPackets;
        CongestionWindow = maxPacketSize * initialWindowPackets;
    }

    public int CongestionWindow { get; private set; }

    private int MinimumThreshold => 4 * _maxPacketSize;

    public void OnAcknowledged(int bytesAcknowledged, int bytesInFlightBefore, bool cumulativeAdvanced, bool isInFastRecovery)
    {
        // §7.2.1: cwnd grows only when "the current congestion window is being fully utilized", the cumulative point moved
        // and the sender is not in fast recovery. The last packet may not have fitted.
        var isWindowUsed = bytesInFlightBefore + _maxPacketSize >= CongestionWindow;
        if (isInFastRecovery || !cumulativeAdvanced || !isWindowUsed)
        {
            return;
        }

        if (CongestionWindow <= _slowStartThreshold)
        {
            CongestionWindow = (int)Math.Min((long)CongestionWindow + bytesAcknowledged, int.MaxValue / 2);
            return;
        }

        _partialBytesAcked += bytesAcknowledged; // §7.2.2
        if (_partialBytesAcked >= CongestionWindow)
        {
            _partialBytesAcked -= CongestionWindow;
            CongestionWindow = Math.Min(CongestionWindow + _maxPacketSize, int.MaxValue / 2);
        }
    }

    public void OnFastRetransmit()
    {
        _slowStartThreshold = Math.Max(CongestionWindow / 2, MinimumThreshold); // §7.2.3
        CongestionWindow = _slowStartThreshold;
        _partialBytesAcked = 0;
    }

    public void OnRetransmissionTimeout()
    {
        _slowStartThreshold = Math.Max(CongestionWindow / 2, MinimumThreshold); // §7.2.3
        CongestionWindow = _maxPacketSize;
        _partialBytesAcked = 0;
    }

    public void OnIdle(int retransmissionTimeouts)
    {
        // §7.2.1: "cwnd … SHOULD be adjusted to max(cwnd / 2, 4 * PMTU) per RTO".
        var floor = Math.Min(CongestionWindow, _initialWindowPackets * _maxPacketSize);
        CongestionWindow = Math.Max(CongestionWindow >> Math.Min(retransmissionTimeouts, 30), floor);
        _partialBytesAcked = 0;
    }

    public void OnPacketSizeChanged(int maxPacketSize)
    {
        CongestionWindow = Math.Max(CongestionWindow, maxPacketSize); // what the path holds is bytes
        _maxPacketSize = maxPacketSize;
    }
}
