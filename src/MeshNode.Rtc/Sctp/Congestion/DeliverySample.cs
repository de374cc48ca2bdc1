namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>What a SACK told, or what a reordering window that ran out added to it. Bytes are wire bytes of DATA chunks.</summary>
internal readonly struct DeliverySample
{
    public MonotonicTime Now { get; init; }

    /// <summary>Newly acknowledged, cumulatively or by gap blocks.</summary>
    public int BytesAcknowledged { get; init; }

    /// <summary>Newly declared lost.</summary>
    public int BytesLost { get; init; }

    /// <summary>In flight before; tells whether the window was used.</summary>
    public int BytesInFlightBefore { get; init; }

    /// <summary>In flight now.</summary>
    public int BytesInFlight { get; init; }

    public bool CumulativeAdvanced { get; init; }

    /// <summary>A loss is being repaired, now or before this SACK.</summary>
    public bool IsInFastRecovery { get; init; }

    /// <summary>The first loss since fast recovery ended.</summary>
    public bool EntersFastRecovery { get; init; }

    /// <summary>Of the newest chunk that was sent once; null without one.</summary>
    public TimeSpan? RoundTrip { get; init; }

    /// <summary>SRTT; null before the first measurement.</summary>
    public TimeSpan? SmoothedRoundTrip { get; init; }

    /// <summary>Bytes a second at which the newest acknowledged chunk and those before it arrived; 0 when it cannot be told.</summary>
    public double Rate { get; init; }

    /// <summary>The time over which it was measured; ticks. Less than a round trip shows an acknowledgement of an earlier transmission.</summary>
    public long RateInterval { get; init; }

    /// <summary>The sender had nothing to send in the meantime, or the far side had no room: the rate says little of the path.</summary>
    public bool IsApplicationLimited { get; init; }

    /// <summary>All bytes delivered so far, with these.</summary>
    public long Delivered { get; init; }

    /// <summary>What was delivered when the newest acknowledged chunk left: a round trip ends when that reaches where it began.</summary>
    public long DeliveredWhenSent { get; init; }

    /// <summary>In flight right after the newest acknowledged chunk left.</summary>
    public int InFlightWhenSent { get; init; }

    /// <summary>Declared lost since the newest acknowledged chunk left.</summary>
    public long LostSinceSent { get; init; }
}
