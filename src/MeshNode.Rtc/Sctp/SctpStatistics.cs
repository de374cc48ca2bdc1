namespace MeshNode.Rtc.Sctp;

/// <summary>Counters since the association began, and its path's state now.</summary>
/// <param name="PacketsSent">SCTP packets.</param>
/// <param name="PacketsReceived">SCTP packets with a good checksum and tag.</param>
/// <param name="PacketsDiscarded">Malformed, wrong checksum, tag or port.</param>
/// <param name="BytesSent">User bytes, first transmissions only.</param>
/// <param name="BytesReceived">User bytes delivered.</param>
/// <param name="MessagesSent">Messages accepted for sending.</param>
/// <param name="MessagesReceived">Messages delivered.</param>
/// <param name="Retransmissions">DATA chunks sent again.</param>
/// <param name="MessagesAbandoned">Messages given up under partial reliability.</param>
/// <param name="CongestionWindow">Bytes.</param>
/// <param name="BytesInFlight">Bytes sent and neither acknowledged nor declared lost.</param>
/// <param name="PeerReceiveWindow">Bytes that the far side would take.</param>
/// <param name="SmoothedRoundTripTime">Null before the first measurement.</param>
/// <param name="RetransmissionTimeout">Now, with backoff.</param>
public readonly record struct SctpStatistics(
    long PacketsSent,
    long PacketsReceived,
    long PacketsDiscarded,
    long BytesSent,
    long BytesReceived,
    long MessagesSent,
    long MessagesReceived,
    long Retransmissions,
    long MessagesAbandoned,
    int CongestionWindow,
    int BytesInFlight,
    long PeerReceiveWindow,
    TimeSpan? SmoothedRoundTripTime,
    TimeSpan RetransmissionTimeout);
