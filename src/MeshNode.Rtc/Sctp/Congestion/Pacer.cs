namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>
/// Spreads packets over time. A bucket of bytes fills at the pacing rate; when it is empty, it is left alone until it holds a
/// quantum again, so that a timer wakes the owner once for many packets and these leave as one batch: a millisecond's worth, which
/// at 100 Mbit/s is 10 packets and at 500 MB/s more than a window.
/// </summary>
internal sealed class Pacer
{
    private const double QuantumTicks = TimeSpan.TicksPerMillisecond;

    /// <summary>An owner that woke up late makes up for it, as far as this (ticks); one that was idle sends no larger burst.</summary>
    private const double LatenessTicks = 5 * TimeSpan.TicksPerMillisecond;

    private const int QuantumPackets = 2;

    private double _bytesPerTick; // 0: no limit
    private double _quantum = double.MaxValue; // bytes
    private double _credit;
    private long _filledAt; // ticks

    /// <summary>Nothing may leave before; ticks.</summary>
    public long ReleaseAt { get; private set; }

    public bool IsBlocked(MonotonicTime now) => now.Ticks < ReleaseAt;

    /// <param name="bytesPerSecond">0 for no limit.</param>
    /// <param name="packetSize">In bytes.</param>
    public void SetRate(double bytesPerSecond, int packetSize)
    {
        _bytesPerTick = bytesPerSecond / TimeSpan.TicksPerSecond;
        _quantum = Math.Max(QuantumPackets * packetSize, _bytesPerTick * QuantumTicks);
        if (_bytesPerTick == 0)
        {
            ReleaseAt = 0;
        }
    }

    /// <summary>A packet with DATA left.</summary>
    public void OnSent(MonotonicTime now, int bytes)
    {
        if (_bytesPerTick == 0)
        {
            return;
        }

        if (now.Ticks != _filledAt)
        {
            _credit = Math.Min(_credit + ((now.Ticks - _filledAt) * _bytesPerTick), Math.Max(_quantum, _bytesPerTick * LatenessTicks));
            _filledAt = now.Ticks;
        }

        _credit -= bytes;
        if (_credit <= 0)
        {
            ReleaseAt = now.Ticks + (long)((_quantum - _credit) / _bytesPerTick);
        }
    }
}
