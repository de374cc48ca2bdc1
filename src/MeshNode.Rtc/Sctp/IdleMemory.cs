namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Tells when an association has been silent for long enough to give back what a burst needed: twice, because a thread's pools
/// know only at the second time what nobody used since the first. Then it costs nothing until the next packet.
/// </summary>
internal sealed class IdleMemory(TimerTable timers)
{
    private const int Rounds = 2;

    /// <summary>Silence until memory is given back.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    [ThreadStatic]
    private static MonotonicTime _poolsTrimmed;

    private MonotonicTime _lastPacket;
    private int _round;

    /// <summary>A packet came while the association was up.</summary>
    public void NotePacket(MonotonicTime now)
    {
        _lastPacket = now;
        _round = 0;
        if (!timers.IsRunning(SctpTimer.Idle))
        {
            timers.Start(SctpTimer.Idle, now + Silence);
        }
    }

    /// <summary>The timer expired. True when the association is to give back its own memory now.</summary>
    public bool HandleTimeout(MonotonicTime now)
    {
        if (now - _lastPacket < Silence)
        {
            timers.Start(SctpTimer.Idle, _lastPacket + Silence);
            return false;
        }

        if (_poolsTrimmed > now || now - _poolsTrimmed >= Silence)
        {
            _poolsTrimmed = now; // another clock's time, as in simulations, is no reason to wait
            BufferPool.Trim();
            OutgoingMessage.TrimPool();
            IncomingMessage.TrimPool();
        }

        if (++_round < Rounds)
        {
            timers.Start(SctpTimer.Idle, now + Silence);
        }

        return true;
    }
}
