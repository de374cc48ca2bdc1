namespace MeshNode.Rtc.Sockets.Udp;

/// <summary>Counters of a port since it was opened. Read from any thread, each value for itself.</summary>
internal sealed record UdpPortStatistics
{
    /// <summary>Datagrams handed over.</summary>
    public long DatagramsReceived { get; set; }

    /// <summary>Datagrams that the kernel took.</summary>
    public long DatagramsSent { get; set; }

    /// <summary>Datagrams that the kernel refused: no route, no such local address, no memory.</summary>
    public long DatagramsRefused { get; set; }

    /// <summary>System calls that received something.</summary>
    public long ReceiveCalls { get; set; }

    /// <summary>System calls that sent something.</summary>
    public long SendCalls { get; set; }

    /// <summary>Messages of several datagrams, by UDP GSO.</summary>
    public long SegmentedSends { get; set; }

    /// <summary>Messages of several datagrams, by UDP GRO.</summary>
    public long CoalescedReceives { get; set; }

    /// <summary>Paths that refused UDP GSO and get their datagrams one by one.</summary>
    public long PathsWithoutSegmentation { get; set; }
}
