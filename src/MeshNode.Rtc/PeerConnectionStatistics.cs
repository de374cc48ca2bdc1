using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc;

/// <summary>Counters since the connection was made, and its path's state now.</summary>
/// <param name="DatagramsSent">UDP datagrams of every protocol.</param>
/// <param name="DatagramsReceived">UDP datagrams of every protocol.</param>
/// <param name="BytesSent">UDP payload bytes.</param>
/// <param name="BytesReceived">UDP payload bytes.</param>
/// <param name="DatagramsDropped">Received and not accepted: unknown protocol, unauthenticated path, too early and too many, or after the end.</param>
/// <param name="RoundTripTime">By ICE's checks; null before the first.</param>
/// <param name="SetupTime">From the first description until connected; null before.</param>
/// <param name="Sctp">The association's.</param>
public readonly record struct PeerConnectionStatistics(
    long DatagramsSent,
    long DatagramsReceived,
    long BytesSent,
    long BytesReceived,
    long DatagramsDropped,
    TimeSpan? RoundTripTime,
    TimeSpan? SetupTime,
    SctpStatistics Sctp);
