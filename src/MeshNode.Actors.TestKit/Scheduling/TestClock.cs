namespace MeshNode.Actors.TestKit;

/// <summary>A <see cref="TestScheduler"/>'s time as a <see cref="TimeProvider"/>, timers included.</summary>
internal sealed class TestClock(TestScheduler scheduler) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => scheduler.MonotonicClock.Ticks;

    public override DateTimeOffset GetUtcNow() => scheduler.Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(scheduler, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class VirtualTimer(TestScheduler scheduler, Action callback) : ITimer
    {
        private Cancelable? _pending;
        private bool _disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _pending?.Cancel();
            _pending = null;
            if (_disposed)
            {
                return false;
            }

            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                _pending = new Cancelable(scheduler);
                if (period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero)
                {
                    scheduler.Advanced.ScheduleOnce(dueTime, callback, _pending);
                }
                else
                {
                    scheduler.Advanced.ScheduleRepeatedly(dueTime, period, callback, _pending);
                }
            }

            return true;
        }

        public void Dispose()
        {
            _disposed = true;
            _pending?.Cancel();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
