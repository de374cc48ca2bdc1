namespace MeshNode.Rtc.Sctp;

/// <summary>
/// One deadline in T3-rtx's place (RFC 8985 §8): that of a reordering window, before it of a tail loss probe, before it of T3-rtx itself,
/// whichever is due first. At most one probe leaves without an answer.
/// </summary>
internal sealed class LossTimer(RtoEstimator rto, TimerTable timers)
{
    /// <summary>Least time without news before a probe: an owner's thread may be away for as long.</summary>
    private static readonly long MinimumProbeTimeout = TimeSpan.FromMilliseconds(10).Ticks;

    /// <summary>RFC 8985 §7.2, TLP.max_ack_delay: a lone packet's SACK may be delayed (RFC 9260 §6.2).</summary>
    private static readonly long DelayedSack = TimeSpan.FromMilliseconds(200).Ticks;

    private LossTimerVerdict _armedFor;
    private long _retransmissionAt; // T3-rtx's own deadline
    private bool _isProbing; // a probe is unanswered

    public void Stop()
    {
        _isProbing = false;
        timers.Stop(SctpTimer.T3Retransmission);
    }

    /// <summary>Something left that must be acknowledged.</summary>
    public void OnSent(MonotonicTime now)
    {
        if (!timers.IsRunning(SctpTimer.T3Retransmission))
        {
            // §6.3.2, R1. Whether a probe is due earlier is looked at when the first of them would be.
            _retransmissionAt = (now + rto.Rto).Ticks;
            var probeAt = rto.SmoothedRoundTripTime is { } smoothed && !_isProbing ? now.Ticks + Math.Max(2 * smoothed.Ticks, MinimumProbeTimeout) : long.MaxValue;
            Arm(Math.Min(probeAt, _retransmissionAt), probeAt < _retransmissionAt ? LossTimerVerdict.Probe : LossTimerVerdict.Retransmission);
        }
    }

    /// <summary>A SACK brought news, or losses were found.</summary>
    public void OnProgress(MonotonicTime now, RetransmissionQueue outstanding, bool mayProbe)
    {
        _isProbing = false;
        _retransmissionAt = (now + rto.Rto).Ticks;
        Arm(now.Ticks, outstanding, mayProbe);
    }

    /// <summary>T3-rtx alone, from now on.</summary>
    public void StartRetransmission(MonotonicTime now)
    {
        _isProbing = true; // only news ends this
        _retransmissionAt = (now + rto.Rto).Ticks;
        Arm(_retransmissionAt, LossTimerVerdict.Retransmission);
    }

    public LossTimerVerdict HandleTimeout(MonotonicTime now, MonotonicTime lastSent, RetransmissionQueue outstanding, bool mayProbe)
    {
        switch (_armedFor)
        {
            case LossTimerVerdict.Probe:
                // Armed when something was heard or the first chunk left; others may have left since.
                if (!mayProbe || ProbeAt(lastSent.Ticks, outstanding) > now.Ticks)
                {
                    Arm(lastSent.Ticks, outstanding, mayProbe);
                    return LossTimerVerdict.None;
                }

                StartRetransmission(now);
                return LossTimerVerdict.Probe;
            default:
                return _armedFor;
        }
    }

    private void Arm(long since, RetransmissionQueue outstanding, bool mayProbe)
    {
        var probeAt = mayProbe && !_isProbing ? ProbeAt(since, outstanding) : long.MaxValue;
        var (deadline, purpose) = probeAt < _retransmissionAt ? (probeAt, LossTimerVerdict.Probe) : (_retransmissionAt, LossTimerVerdict.Retransmission);
        if (outstanding.ReorderingDeadline is { } reordering && reordering.Ticks < deadline)
        {
            (deadline, purpose) = (reordering.Ticks, LossTimerVerdict.Reordering);
        }

        Arm(deadline, purpose);
    }

    private void Arm(long deadline, LossTimerVerdict purpose)
    {
        _armedFor = purpose;
        timers.Start(SctpTimer.T3Retransmission, new MonotonicTime(deadline));
    }

    private long ProbeAt(long since, RetransmissionQueue outstanding)
    {
        var timeout = Math.Max(2 * rto.SmoothedRoundTripTime!.Value.Ticks, MinimumProbeTimeout);
        return since + timeout + (outstanding.InFlightCount == 1 ? DelayedSack : 0);
    }
}
