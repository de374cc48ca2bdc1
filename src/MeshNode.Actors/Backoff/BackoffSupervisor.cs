namespace MeshNode.Actors;

/// <summary>
/// Parent of one child that starts it again after a delay, which doubles from restart to restart. Messages go through it
/// to the child and from the child to its own parent.
/// </summary>
public sealed class BackoffSupervisor : UntypedActor
{
    /// <summary>Asks for the child; answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        private GetCurrentChild()
        {
        }

        public static GetCurrentChild Instance { get; } = new();
    }

    /// <param name="Ref">Nobody while it is not running.</param>
    public sealed record CurrentChild(IActorRef Ref);

    /// <summary>Asks for the number of restarts since the last reset; answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        private GetRestartCount()
        {
        }

        public static GetRestartCount Instance { get; } = new();
    }

    public sealed record RestartCount(int Count);

    /// <summary>The next delay is the shortest one again; for <see cref="BackoffOptions.WithManualReset"/>.</summary>
    public sealed class Reset
    {
        private Reset()
        {
        }

        public static Reset Instance { get; } = new();
    }

    private sealed record StartChild : IDeadLetterSuppression;

    private sealed record ResetRestartCount(int Current) : IDeadLetterSuppression;

    private readonly BackoffOptions _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _childFailed; // and was told to stop, in order to start again

    private bool _finalStopReceived;

    private BackoffSupervisor(BackoffOptions options) => _options = options;

    public static Props Props(BackoffOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Actors.Props.Create(() => new BackoffSupervisor(options));
    }

    /// <summary>As <see cref="Backoff.OnStop"/>.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor));

    /// <inheritdoc cref="Props(Actors.Props, string, TimeSpan, TimeSpan, double)"/>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    /// <inheritdoc cref="Props(Actors.Props, string, TimeSpan, TimeSpan, double)"/>
    public static Props PropsWithSupervisorStrategy(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, OneForOneStrategy strategy) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor).WithSupervisorStrategy(strategy));

    /// <summary>The delay before restart number <paramref name="restartCount"/> + 1.</summary>
    /// <param name="chance">Between 0 and 1.</param>
    internal static TimeSpan Delay(int restartCount, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, double chance)
    {
        var delay = Math.Min(maxBackoff.TotalMilliseconds, minBackoff.TotalMilliseconds * Math.Pow(2, restartCount));
        return TimeSpan.FromMilliseconds(delay * (1 + (chance * randomFactor)));
    }

    protected override void PreStart() => Start();

    protected override SupervisorStrategy SupervisorStrategy()
    {
        var strategy = _options.Strategy ?? base.SupervisorStrategy();
        return _options.IsOnFailure
            ? new OneForOneStrategy(null, null, Decider.From(cause => Decide(strategy.Decider, cause)), strategy.LoggingEnabled)
            : strategy;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartChild:
                Start();
                break;
            case ResetRestartCount reset:
                if (reset.Current == _restarts)
                {
                    _restarts = 0;
                }

                break;
            case Reset:
                if (_options.AutoResetBackoff is null)
                {
                    _restarts = 0;
                }
                else
                {
                    Unhandled(message);
                }

                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child ?? ActorRefs.Nobody));
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_child):
                HandleChildStopped();
                break;
            default:
                PassOn(message);
                break;
        }
    }

    /// <summary>A restart is done by stopping the child now and starting a new one later.</summary>
    private Directive Decide(IDecider decider, Exception cause)
    {
        var directive = decider.Decide(cause);
        if (directive != Directive.Restart)
        {
            return directive;
        }

        _childFailed = true;
        return Directive.Stop;
    }

    private void HandleChildStopped()
    {
        _child = null;
        if (_finalStopReceived || (_options.IsOnFailure && !_childFailed))
        {
            Context.Stop(Self); // the child's own wish, or the users'
            return;
        }

        _childFailed = false;
        if (_options.MaxNrOfRetries >= 0 && _restarts >= _options.MaxNrOfRetries)
        {
            Context.GetLogger().Warning("{0} was started again {1} times, no more is allowed: giving up", _options.ChildName, _restarts);
            Context.Stop(Self);
            return;
        }

        var chance = Context.System.Settings.NextDouble();
        var delay = Delay(_restarts, _options.MinBackoff, _options.MaxBackoff, _options.RandomFactor, chance);
        _restarts++;
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, new StartChild(), Self);
    }

    private void Start()
    {
        if (_child is not null)
        {
            return;
        }

        _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
        if (_options.AutoResetBackoff is { } resetBackoff && _restarts > 0)
        {
            Context.System.Scheduler.ScheduleTellOnce(resetBackoff, Self, new ResetRestartCount(_restarts), Self);
        }
    }

    private void PassOn(object message)
    {
        if (_child is { } child)
        {
            if (Sender.Equals(child))
            {
                Context.Parent.Forward(message);
            }
            else
            {
                child.Forward(message);
                _finalStopReceived = _finalStopReceived || _options.IsFinalStopMessage?.Invoke(message) == true;
            }
        }
        else if (_options.IsFinalStopMessage?.Invoke(message) == true)
        {
            Context.Stop(Self);
        }
        else if (_options.StoppedReply is { } reply)
        {
            Sender.Tell(reply);
        }
        else
        {
            Context.System.DeadLetters.Forward(message);
        }
    }
}
