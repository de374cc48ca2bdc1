namespace MeshNode.SimNet;

/// <summary>How a <see cref="SimulatedLink"/> treats what is sent through it. Probabilities are in [0, 1].</summary>
public sealed record SimulatedLinkOptions
{
    /// <summary>Probability that a datagram vanishes, each by itself.</summary>
    public double Loss { get; init; }

    /// <summary>Loss in bursts, in addition; null for none.</summary>
    public GilbertElliottLoss? BurstLoss { get; init; }

    /// <summary>Probability that a datagram arrives twice, each copy with a jitter of its own.</summary>
    public double Duplication { get; init; }

    /// <summary>One-way delay that every datagram takes, behind the bottleneck.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Uniform extra delay in [0, Jitter); datagrams that overtake each other are the reordering.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>Bits per second of the bottleneck; 0 for no limit.</summary>
    public long Rate { get; init; }

    /// <summary>Bytes that wait in front of the bottleneck at most; what comes on top is dropped (drop-tail).</summary>
    public long QueueBytes { get; init; } = long.MaxValue;

    /// <summary>Datagrams of more bytes vanish silently, as in a path MTU black hole.</summary>
    public int Mtu { get; init; } = int.MaxValue;

    /// <summary>Bytes that the bottleneck carries in addition to each datagram, such as 28 of IPv4 and UDP.</summary>
    public int OverheadBytes { get; init; }
}
