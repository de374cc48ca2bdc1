namespace MeshNode.Rtc.Sockets;

/// <summary>The edge's only reading of a clock: <see cref="TimeProvider.GetTimestamp"/> in ticks of 100 ns.</summary>
internal sealed class MonotonicClock(TimeProvider provider)
{
    private readonly long _frequency = provider.TimestampFrequency;

    public MonotonicTime Now
    {
        get
        {
            var timestamp = provider.GetTimestamp();
            // Linux counts nanoseconds and Windows ticks: whole divisions. The 128 bits are for everything else.
            return new MonotonicTime(
                _frequency == 1_000_000_000 ? timestamp / 100
                : _frequency == TimeSpan.TicksPerSecond ? timestamp
                : (long)((Int128)timestamp * TimeSpan.TicksPerSecond / _frequency));
        }
    }
}
