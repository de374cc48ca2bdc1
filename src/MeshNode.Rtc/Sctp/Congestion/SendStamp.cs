namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>What the sampler knew when a chunk left; kept with the chunk until it is acknowledged.</summary>
internal struct SendStamp
{
    /// <summary>Bytes delivered by then.</summary>
    public long Delivered;

    /// <summary>When the last of them was acknowledged; ticks.</summary>
    public long DeliveredAt;

    /// <summary>When the flight began that the chunk belongs to; ticks.</summary>
    public long FlightBeganAt;

    /// <summary>Bytes declared lost by then.</summary>
    public long Lost;

    /// <summary>Bytes in flight, with the chunk.</summary>
    public int InFlight;

    public bool IsApplicationLimited;
}
