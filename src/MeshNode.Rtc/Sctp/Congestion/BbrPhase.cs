namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>The states of a <see cref="BbrCongestionController"/>, named as in draft-ietf-ccwg-bbr.</summary>
internal enum BbrPhase
{
    /// <summary>Doubles its rate each round trip until the delivery rate stops to grow.</summary>
    Startup,

    /// <summary>Lets the queue that Startup made run empty.</summary>
    Drain,

    /// <summary>ProbeBW_DOWN: a little slower than the path, until nothing waits.</summary>
    Down,

    /// <summary>ProbeBW_CRUISE: as fast as the path.</summary>
    Cruise,

    /// <summary>ProbeBW_REFILL: one round trip at the path's rate, so that what Up adds is all there is in the queue.</summary>
    Refill,

    /// <summary>ProbeBW_UP: faster than the path, to find out whether it has become faster.</summary>
    Up,

    /// <summary>ProbeRTT: half of the path's capacity, so that the queue's share of the round trip becomes known.</summary>
    ProbeRtt,
}
