namespace MeshNode.Actors;

/// <summary>Touched by the actor's run; only <see cref="Fire"/> is called by the scheduler.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, TimerMessage> _timers = [];

    public IActorRef Self => cell.Self;

    public IReadOnlyCollection<object> ActiveTimers => _timers.Keys;

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(new TimerMessage(this, key, msg), timeout, TimeSpan.Zero);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) =>
        Start(new SentTimerMessage(this, key, msg, sender), timeout, TimeSpan.Zero);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => StartPeriodicTimer(key, msg, interval, interval);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(new TimerMessage(this, key, msg), initialDelay, interval);
    }

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) =>
        StartPeriodicTimer(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        Start(new SentTimerMessage(this, key, msg, sender), initialDelay, interval);
    }

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Cancel();
        }

        _timers.Clear();
    }

    public void Fire(TimerMessage timer) => cell.Self.Tell(timer, timer.Sender);

    /// <summary>Null for a message whose timer is not the key's any more.</summary>
    public object? Take(TimerMessage timer)
    {
        if (!_timers.TryGetValue(timer.Key, out var active) || !ReferenceEquals(active, timer))
        {
            return null;
        }

        if (!timer.IsPeriodic)
        {
            _timers.Remove(timer.Key);
        }

        return timer.Message;
    }

    private void Start(TimerMessage timer, TimeSpan delay, TimeSpan interval)
    {
        ArgumentNullException.ThrowIfNull(timer.Key);
        ArgumentNullException.ThrowIfNull(timer.Message);
        Cancel(timer.Key);
        _timers.Add(timer.Key, timer);
        cell.SystemImpl.SchedulerImpl.Insert(timer, delay, interval);
    }
}
