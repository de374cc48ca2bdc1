using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc;

/// <summary>Counts datagrams of every protocol.</summary>
internal sealed class PeerConnectionTraffic
{
    private long _datagramsSent;
    private long _datagramsReceived;
    private long _datagramsDropped;
    private long _bytesSent;
    private long _bytesReceived;

    public void Sent(int length)
    {
        _datagramsSent++;
        _bytesSent += length;
    }

    public void Received(int length)
    {
        _datagramsReceived++;
        _bytesReceived += length;
    }

    public void Dropped() => _datagramsDropped++;

    public PeerConnectionStatistics ToStatistics(TimeSpan? roundTripTime, TimeSpan? setupTime, in SctpStatistics sctp) =>
        new(_datagramsSent, _datagramsReceived, _bytesSent, _bytesReceived, _datagramsDropped, roundTripTime, setupTime, sctp);
}
