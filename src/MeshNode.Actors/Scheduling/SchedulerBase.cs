namespace MeshNode.Actors;

/// <summary>
/// Holds what is due by time. Whoever derives from it says what time it is and calls <see cref="RunDue"/>; in between
/// nothing runs, so that an idle system takes no CPU.
/// </summary>
public abstract class SchedulerBase : IScheduler, IAdvancedScheduler
{
    /// <summary>100 ns; some 7,000 years. A longer interval counts as this one, so that no sum of times overflows.</summary>
    private const long LongestInterval = long.MaxValue / 4;

    private readonly Lock _lock = new();
    private readonly TimingWheel _wheel = new();
    private long _order;
    private long _lookAt = long.MaxValue; // 100 ns; nothing that is pending is due earlier

    private protected SchedulerBase()
    {
    }

    public abstract DateTimeOffset Now { get; }

    public abstract TimeSpan MonotonicClock { get; }

    public IAdvancedScheduler Advanced => this;

    /// <summary>Timers and other things that are not due yet.</summary>
    public int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _wheel.Count;
            }
        }
    }

    /// <summary>When the first thing is due, on <see cref="MonotonicClock"/>; null when there is none.</summary>
    internal TimeSpan? NextDue
    {
        get
        {
            lock (_lock)
            {
                return _wheel.FirstDue() is { } first ? TimeSpan.FromTicks(first) : null;
            }
        }
    }

    /// <summary>
    /// When <see cref="RunDue"/> is to be called next: no later than <see cref="NextDue"/>, and known without looking
    /// through what is far away. Null for not at all.
    /// </summary>
    internal TimeSpan? NextLook
    {
        get
        {
            lock (_lock)
            {
                return _lookAt == long.MaxValue ? null : TimeSpan.FromTicks(_lookAt);
            }
        }
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Insert(new TellWork(receiver, message, sender), delay, TimeSpan.Zero, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Insert(new TellWork(receiver, message, sender), initialDelay, interval, cancelable);
    }

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Insert(new ActionWork(action), delay, TimeSpan.Zero, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Insert(new ActionWork(action), initialDelay, interval, cancelable);
    }

    /// <param name="interval">Zero for once.</param>
    internal ScheduledWork Insert(ScheduledWork work, TimeSpan delay, TimeSpan interval)
    {
        work.AttachTo(this);
        bool isFirst;
        lock (_lock)
        {
            var now = MonotonicClock.Ticks;
            work.Due = now + Math.Clamp(delay.Ticks, 0, LongestInterval);
            work.Interval = Math.Min(interval.Ticks, LongestInterval);
            work.Order = _order++;
            _wheel.Add(work);
            isFirst = work.Due < _lookAt;
            _lookAt = isFirst ? work.Due : _lookAt;
        }

        if (isFirst)
        {
            FirstDueChanged();
        }

        return work;
    }

    internal void Remove(ScheduledWork work)
    {
        lock (_lock)
        {
            _wheel.Remove(work); // who looks for it in vain looks again
        }
    }

    /// <summary>Runs, in order, what is due at <paramref name="now"/>.</summary>
    internal void RunDue(TimeSpan now)
    {
        while (TryTakeDue(now.Ticks) is { } work)
        {
            try
            {
                work.Run();
            }
            catch (Exception e)
            {
                ReportFailure(e);
            }
        }
    }

    /// <summary>Something is due earlier than all before; called outside the lock, by any thread.</summary>
    private protected abstract void FirstDueChanged();

    private protected abstract void ReportFailure(Exception cause);

    private void Insert(ScheduledWork work, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        switch (cancelable)
        {
            case { IsCancellationRequested: true }:
                return;
            case null:
                Insert(work, delay, interval);
                break;
            case Cancelable known:
                known.Add(Insert(work, delay, interval));
                break;
            default:
                throw new ArgumentException("Use Cancelable to cancel what is scheduled.", nameof(cancelable));
        }
    }

    private ScheduledWork? TryTakeDue(long now)
    {
        lock (_lock)
        {
            var work = _wheel.TakeDue(now);
            if (work is null)
            {
                _lookAt = _wheel.NextLook() ?? long.MaxValue;
            }

            if (work is { IsPeriodic: true })
            {
                // A scheduler that was late does not catch up by a burst.
                work.Due = Math.Max(work.Due + work.Interval, now - ((now - work.Due) % work.Interval) + work.Interval);
                work.Order = _order++;
                _wheel.Add(work);
            }

            return work;
        }
    }
}
