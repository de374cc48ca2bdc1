using System.Net;

namespace MeshNode.Rtc.Sockets;

/// <summary>Where a loop listens and how much it takes at once.</summary>
public sealed record RtcEventLoopOptions
{
    /// <summary>
    /// Addresses to bind; IPv6 ones take no IPv4 traffic. Those with port 0 all get the same ephemeral port.
    /// <c>[::]</c> beside <c>0.0.0.0</c> is left out where the system has no IPv6.
    /// </summary>
    public IReadOnlyList<IPEndPoint> Bind { get; init; } = [new(IPAddress.Any, 0), new(IPAddress.IPv6Any, 0)];

    /// <summary>
    /// Null: loopback candidates only when bound to loopback or when there is no other address
    /// (RFC 8445 section 5.1.1.1: "Addresses from a loopback interface MUST NOT be included in the candidate addresses").
    /// </summary>
    public bool? IncludeLoopback { get; init; }

    /// <summary>Bytes asked of the kernel for each socket's receive queue; it may give less.</summary>
    public int ReceiveBufferSize { get; init; } = 4 << 20;

    /// <summary>Bytes asked of the kernel for each socket's send queue; it may give less.</summary>
    public int SendBufferSize { get; init; } = 4 << 20;

    /// <summary>
    /// How long the loop looks for the next datagram or piece of work before it sleeps, while the last ones came within
    /// that time: it spares both sides the wake-up, and costs that much processor time at most a wait. Zero: never; an idle
    /// loop never does. 0 to 1 ms.
    /// </summary>
    public TimeSpan SpinTime { get; init; } = TimeSpan.FromMicroseconds(50);

    /// <summary>UDP GSO: many datagrams of one path in one system call. Falls back by itself where it does not work.</summary>
    public bool SegmentationOffload { get; init; } = true;

    /// <summary>UDP GRO: the kernel hands over many datagrams of one path as one.</summary>
    public bool ReceiveOffload { get; init; } = true;

    /// <summary>.NET sockets even where the system has better; the way of systems other than Linux.</summary>
    public bool Portable { get; init; }

    /// <summary>
    /// Told, on the loop's thread, what a callback or a connection threw; the loop goes on. Null: one line on standard error.
    /// </summary>
    public Action<Exception>? UnhandledException { get; init; }
}
