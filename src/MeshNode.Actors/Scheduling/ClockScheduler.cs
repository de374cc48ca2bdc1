namespace MeshNode.Actors;

/// <summary>Runs by a <see cref="TimeProvider"/>, with one timer of it armed for what is due first.</summary>
internal sealed class ClockScheduler : SchedulerBase, IDisposable
{
    private const double LongestWait = int.MaxValue; // ms; timers take no more than 49.7 days. What is due later is armed for again

    private readonly Lock _armLock = new();
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Action<Exception> _reportFailure;
    private int _running; // 1 while due work runs; it arms the timer when it ends

    public ClockScheduler(TimeProvider clock, Action<Exception> reportFailure)
    {
        _clock = clock;
        _start = clock.GetTimestamp();
        _reportFailure = reportFailure;
        _timer = clock.CreateTimer(static state => ((ClockScheduler)state!).HandleTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override DateTimeOffset Now => _clock.GetUtcNow();

    public override TimeSpan MonotonicClock => _clock.GetElapsedTime(_start);

    public void Dispose() => _timer.Dispose();

    private protected override void FirstDueChanged()
    {
        if (Volatile.Read(ref _running) == 0)
        {
            Arm();
        }
    }

    private protected override void ReportFailure(Exception cause) => _reportFailure(cause);

    private void HandleTimer()
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            return; // the run that goes on looks again before it ends
        }

        RunDue(MonotonicClock);
        Interlocked.Exchange(ref _running, 0);
        Arm();
    }

    /// <summary>Locked, so that of two threads the one that saw the older first due is not the last to set the timer.</summary>
    private void Arm()
    {
        lock (_armLock)
        {
            if (NextLook is { } due)
            {
                // Timers count whole milliseconds: rounded up, or it would come too early and again.
                var wait = Math.Ceiling((due - MonotonicClock).TotalMilliseconds);
                _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(wait, 0, LongestWait)), Timeout.InfiniteTimeSpan);
            }
        }
    }
}
