namespace MeshNode.Rtc.Sctp;

/// <summary>What an expiry of the loss timer asks for.</summary>
internal enum LossTimerVerdict
{
    /// <summary>Nothing: it was armed anew.</summary>
    None,

    /// <summary>The reordering window of a chunk is over (RFC 8985 §6.2).</summary>
    Reordering,

    /// <summary>Nothing was heard for two round trips: a tail loss probe (RFC 8985 §7).</summary>
    Probe,

    /// <summary>T3-rtx (RFC 9260 §6.3.3).</summary>
    Retransmission,
}
