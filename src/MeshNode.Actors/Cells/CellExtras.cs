namespace MeshNode.Actors;

/// <summary>What only some actors have: timers, a stash, a receive timeout, asynchronous handlers. Touched by the cell's run.</summary>
internal sealed class CellExtras(ActorCell cell)
{
    private TimerScheduler? _timers;
    private TimerScheduler? _ownTimers;
    private ActorStash? _stash;
    private ScheduledWork? _receiveTimeoutWork;
    private ActorSynchronizationContext? _async; // of this incarnation

    public TimeSpan? ReceiveTimeout { get; private set; }

    /// <summary>A handler's task has not ended; user messages wait.</summary>
    public bool IsAwaiting => Awaited is not null;

    /// <summary>The task of the handler that has not ended.</summary>
    public Task? Awaited { get; private set; }

    /// <summary>Timers of the kernel's own kinds of actor, which the user's <c>Timers.CancelAll</c> does not end.</summary>
    public TimerScheduler OwnTimers => _ownTimers ??= new TimerScheduler(cell);

    public TimerScheduler CreateTimers() => _timers = new TimerScheduler(cell);

    public ActorStash CreateStash(IActorStash actor)
    {
        var limit = cell.Props.StashCapacity ?? cell.SystemImpl.Settings.StashCapacity;
        return _stash = new ActorStash(cell, actor switch
        {
            IWithUnboundedStash => -1,
            IWithBoundedStash => limit ?? IWithBoundedStash.DefaultCapacity,
            _ => limit ?? -1,
        });
    }

    /// <summary>The message of a timer that has come, or null if the timer was cancelled, restarted or of an earlier incarnation.</summary>
    public object? TakeTimer(TimerMessage timer) =>
        ReferenceEquals(timer.Owner, _timers) || ReferenceEquals(timer.Owner, _ownTimers) ? timer.Owner.Take(timer) : null;

    public void EndIncarnation()
    {
        _timers?.CancelAll();
        _timers = null;
        _ownTimers?.CancelAll();
        _ownTimers = null;
        _stash?.UnstashAll();
        _stash = null;
    }

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is { } time && time <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), "A receive timeout is positive, or null for none.");
        }

        ReceiveTimeout = timeout;
        ArmReceiveTimeout();
    }

    public void MessageHandled(object? message)
    {
        _stash?.MessageHandled();
        if (ReceiveTimeout is not null && message is not INotInfluenceReceiveTimeout)
        {
            ArmReceiveTimeout();
        }
    }

    /// <summary>Runs a handler; if its task is not done at once, user messages wait until it is.</summary>
    public void Run(Func<object, object?, Task> invoke, object function, object? argument)
    {
        if (IsAwaiting)
        {
            throw new InvalidOperationException("The actor awaits another task already.");
        }

        var context = _async ??= new ActorSynchronizationContext(cell);
        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task task;
        try
        {
            task = invoke(function, argument);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }

        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        Awaited = task;
        cell.Mailbox.Suspend();
        context.Observe(task);
    }

    public void Continue(AsyncContinuation continuation)
    {
        if (!ReferenceEquals(continuation.Context, _async))
        {
            return; // an earlier incarnation's
        }

        var previous = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_async);
        try
        {
            continuation.Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(previous);
        }
    }

    public void Complete(AsyncCompleted completed)
    {
        var failure = completed.Task.IsCompletedSuccessfully
            ? null
            : completed.Task.Exception?.InnerException ?? new TaskCanceledException(completed.Task);
        if (!ReferenceEquals(completed.Context, _async) || !IsAwaiting)
        {
            return;
        }

        Awaited = null;
        cell.Mailbox.Resume();
        if (failure is not null)
        {
            cell.HandleInvokeFailure(failure, []);
        }

        MessageHandled(cell.CurrentMessage);
        cell.ClearCurrent();
    }

    /// <summary>The incarnation ends: what its handler still awaits will be ignored.</summary>
    public void AbandonAsync()
    {
        _async = null;
        if (IsAwaiting)
        {
            Awaited = null;
            cell.Mailbox.Resume();
        }
    }

    private void ArmReceiveTimeout()
    {
        _receiveTimeoutWork?.Cancel();
        _receiveTimeoutWork = ReceiveTimeout is { } timeout
            ? cell.SystemImpl.SchedulerImpl.Insert(new TellWork(cell.Self, Actors.ReceiveTimeout.Instance, cell.Self), timeout, TimeSpan.Zero)
            : null;
    }
}
