namespace MeshNode.Rtc.Sctp;

/// <summary>The deadline of every timer, in one array. Nothing fires by itself: the owner asks what is due.</summary>
internal sealed class TimerTable
{
    private const long Stopped = long.MaxValue;
    private static readonly int Count = Enum.GetValues<SctpTimer>().Length;

    private readonly long[] _deadlines;
    private long _earliest = Stopped;

    public TimerTable()
    {
        _deadlines = new long[Count];
        Array.Fill(_deadlines, Stopped);
    }

    public MonotonicTime? Next => _earliest == Stopped ? null : new MonotonicTime(_earliest);

    public bool IsRunning(SctpTimer timer) => _deadlines[(int)timer] != Stopped;

    /// <summary>Starts a timer, or moves its deadline.</summary>
    public void Start(SctpTimer timer, MonotonicTime deadline) => Set(timer, deadline.Ticks);

    public void Stop(SctpTimer timer) => Set(timer, Stopped);

    public void StopAll()
    {
        Array.Fill(_deadlines, Stopped);
        _earliest = Stopped;
    }

    /// <summary>Takes one timer whose deadline has come, and stops it.</summary>
    public bool TryTakeExpired(MonotonicTime now, out SctpTimer timer)
    {
        timer = default;
        if (_earliest > now.Ticks)
        {
            return false;
        }

        timer = (SctpTimer)Array.IndexOf(_deadlines, _earliest);
        Stop(timer);
        return true;
    }

    private void Set(SctpTimer timer, long deadline)
    {
        ref var current = ref _deadlines[(int)timer];
        if (current == deadline)
        {
            return;
        }

        var wasEarliest = current == _earliest;
        current = deadline;
        if (deadline <= _earliest)
        {
            _earliest = deadline;
        }
        else if (wasEarliest)
        {
            var earliest = Stopped;
            foreach (var candidate in _deadlines)
            {
                earliest = Math.Min(earliest, candidate);
            }

            _earliest = earliest;
        }
    }
}
