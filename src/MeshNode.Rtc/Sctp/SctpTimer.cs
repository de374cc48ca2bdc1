namespace MeshNode.Rtc.Sctp;

/// <summary>The timers of an association, by their RFC names (RFC 9260 §4, §6.2, §6.3, §8.3, §9.2; RFC 6525 §5.1.1; RFC 8899 §5.1.1).</summary>
internal enum SctpTimer
{
    /// <summary>T1-init: INIT is unanswered.</summary>
    T1Init,

    /// <summary>T1-cookie: COOKIE ECHO is unanswered.</summary>
    T1Cookie,

    /// <summary>T2-shutdown: SHUTDOWN or SHUTDOWN ACK is unanswered.</summary>
    T2Shutdown,

    /// <summary>T3-rtx: DATA or FORWARD TSN is unacknowledged.</summary>
    T3Retransmission,

    /// <summary>T5-shutdown-guard: bounds the whole shutdown.</summary>
    T5ShutdownGuard,

    /// <summary>DATA was received and not acknowledged yet.</summary>
    DelayedSack,

    /// <summary>The path was idle for HB.interval, or a HEARTBEAT is unanswered.</summary>
    Heartbeat,

    /// <summary>A re-configuration request is unanswered.</summary>
    ReConfig,

    /// <summary>PROBE_TIMER or PMTU_RAISE_TIMER of path MTU discovery (RFC 8899 §5.1.1).</summary>
    PathMtu,

    /// <summary>Ours: nothing was received for a while, and memory is given back.</summary>
    Idle,
}
