namespace MeshNode.Rtc.Sctp;

/// <summary>What moves an association from state to state.</summary>
internal enum SctpTrigger
{
    Associate,
    InitAckReceived,
    CookieAckReceived,

    /// <summary>ERROR with Stale Cookie.</summary>
    StaleCookieReceived,

    /// <summary>A valid COOKIE ECHO, which at simultaneous setup may come in any handshake state.</summary>
    CookieEchoReceived,
    ShutdownRequested,
    ShutdownReceived,

    /// <summary>Nothing is outstanding and nothing waits.</summary>
    AllDataAcknowledged,
    ShutdownAckReceived,
    ShutdownCompleteReceived,

    /// <summary>ABORT sent or received, or the far side is silent.</summary>
    Failed,
}

/// <summary>State transitions of RFC 9260 §4, figure 3. What is not listed changes nothing.</summary>
internal static class SctpStateMachine
{
    public static SctpState Next(SctpState state, SctpTrigger trigger) => (state, trigger) switch
    {
        (SctpState.Closed, SctpTrigger.Associate) => SctpState.CookieWait,
        (SctpState.CookieWait, SctpTrigger.InitAckReceived) => SctpState.CookieEchoed,
        (SctpState.CookieEchoed, SctpTrigger.CookieAckReceived) => SctpState.Established,
        (SctpState.CookieEchoed, SctpTrigger.StaleCookieReceived) => SctpState.CookieWait,
        (SctpState.Closed or SctpState.CookieWait or SctpState.CookieEchoed, SctpTrigger.CookieEchoReceived) => SctpState.Established,

        (SctpState.Established, SctpTrigger.ShutdownRequested) => SctpState.ShutdownPending,
        (SctpState.ShutdownPending, SctpTrigger.AllDataAcknowledged) => SctpState.ShutdownSent,
        (SctpState.Established or SctpState.ShutdownPending, SctpTrigger.ShutdownReceived) => SctpState.ShutdownReceived,
        (SctpState.ShutdownReceived, SctpTrigger.AllDataAcknowledged) => SctpState.ShutdownAckSent,
        (SctpState.ShutdownSent, SctpTrigger.ShutdownReceived) => SctpState.ShutdownAckSent, // both at once, §9.2
        (SctpState.ShutdownSent or SctpState.ShutdownAckSent, SctpTrigger.ShutdownAckReceived) => SctpState.Closed,
        (SctpState.ShutdownAckSent, SctpTrigger.ShutdownCompleteReceived) => SctpState.Closed,

        (_, SctpTrigger.Failed) => SctpState.Closed,
        _ => state,
    };

    /// <summary>States in which user data is sent.</summary>
    public static bool MaySendData(SctpState state) =>
        state is SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownReceived;

    /// <summary>States in which user data is taken.</summary>
    public static bool MayReceiveData(SctpState state) =>
        state is SctpState.Established or SctpState.ShutdownPending or SctpState.ShutdownSent;

    /// <summary>Which timers may run in which state.</summary>
    public static bool MayRun(SctpState state, SctpTimer timer) => timer switch
    {
        SctpTimer.T1Init => state == SctpState.CookieWait,
        SctpTimer.T1Cookie => state == SctpState.CookieEchoed,
        SctpTimer.T2Shutdown => state is SctpState.ShutdownSent or SctpState.ShutdownAckSent,
        SctpTimer.T5ShutdownGuard => state != SctpState.Closed,
        SctpTimer.T3Retransmission => MaySendData(state) || state == SctpState.CookieEchoed,
        SctpTimer.DelayedSack => MayReceiveData(state),
        SctpTimer.Heartbeat or SctpTimer.ReConfig or SctpTimer.Idle or SctpTimer.PathMtu => MaySendData(state),
        _ => false,
    };
}
