namespace MeshNode.Rtc.Sockets.Udp;

internal static class UdpLimits
{
    /// <summary>The longest UDP payload over IPv4: 65,535 less 20 and 8; IPv6 allows 20 more, which nobody sends.</summary>
    public const int MaxDatagram = 65_507;

    /// <summary>Bytes that <see cref="IUdpPort.GetSendBuffer"/> always has: a datagram of the largest size a core writes.</summary>
    public const int MinSendBuffer = 16_640;

    /// <summary>Datagrams in one message of UDP GSO: UDP_MAX_SEGMENTS of every kernel that has it (64 until 6.8, 128 since).</summary>
    public const int MaxSegments = 64;
}
