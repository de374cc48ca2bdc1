namespace MeshNode.Rtc.Sctp;

/// <summary>What moves path MTU discovery from phase to phase.</summary>
internal enum PathMtuTrigger
{
    /// <summary>Enough was sent for larger packets to pay.</summary>
    DataFlows,

    /// <summary>The base size was acknowledged.</summary>
    BaseConfirmed,

    /// <summary>The base size was not acknowledged, MAX_PROBES times.</summary>
    BaseRefused,

    /// <summary>No size between the largest confirmed and the smallest refused is left.</summary>
    SearchExhausted,

    /// <summary>PMTU_RAISE_TIMER: the path may take more than it did.</summary>
    RaiseDue,

    /// <summary>Packets of the size in use vanish.</summary>
    BlackHole,

    /// <summary>Packets go another way now.</summary>
    PathChanged,
}
