namespace MeshNode.Actors;

/// <summary>
/// An actor as a state machine: <c>StartWith</c>, a <c>When</c> for each state, <c>Initialize</c>; a handler answers with
/// <c>GoTo</c>, <c>Stay</c> or <c>Stop</c>, or null when it does not handle the event.
/// </summary>
public abstract class FSM<TState, TData> : FSMBase
    where TState : notnull
{
    public delegate State<TState, TData>? StateFunction(Event<TData> fsmEvent);

    public delegate void TransitionHandler(TState initialState, TState nextState);

    private static readonly object StateTimerKey = new();

    private readonly Dictionary<TState, StateFunction> _functions = [];
    private readonly Dictionary<TState, TimeSpan?> _timeouts = [];
    private readonly List<TransitionHandler> _transitions = [];
    private readonly HashSet<IActorRef> _listeners = [];
    private StateFunction? _whenUnhandled;
    private Action<StopEvent<TState, TData>>? _onTermination;
    private State<TState, TData>? _current;
    private State<TState, TData>? _next; // while a transition's handlers run
    private bool _terminated;

    public TState StateName => Current.StateName;

    public TData StateData => Current.StateData;

    /// <summary>What the state's data will be; only in a transition's handler.</summary>
    public TData NextStateData => _next is { } next
        ? next.StateData
        : throw new InvalidOperationException("NextStateData is only available during OnTransition.");

    /// <summary>Apart from those of <see cref="IWithTimers"/>, which the machine may have too.</summary>
    private TimerScheduler Timers => Cell.Extras.OwnTimers;

    private State<TState, TData> Current =>
        _current ?? throw new InvalidOperationException("Call StartWith before asking for the state.");

    public void StartWith(TState stateName, TData stateData, TimeSpan? timeout = null) => _current = new(stateName, stateData, timeout);

    /// <summary>A handler that changes what another one answers: <c>When(state, Transform(handler).Using(change))</c>.</summary>
    public sealed class TransformHelper
    {
        internal TransformHelper(StateFunction func) => Func = func;

        public StateFunction Func { get; }

        /// <param name="andThen">Called with each answer of the handler, unless it did not handle the event.</param>
        public StateFunction Using(Func<State<TState, TData>, State<TState, TData>> andThen)
        {
            ArgumentNullException.ThrowIfNull(andThen);
            var func = Func;
            return fsmEvent => func(fsmEvent) is { } state ? andThen(state) : null;
        }
    }

    /// <summary>Adds a handler for a state; of several the first that handles the event counts.</summary>
    /// <param name="timeout">When no message comes for so long in this state, <see cref="FSMBase.StateTimeout"/> does.</param>
    public void When(TState stateName, StateFunction func, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(func);
        if (_functions.TryGetValue(stateName, out var before))
        {
            _functions[stateName] = fsmEvent => before(fsmEvent) ?? func(fsmEvent);
            _timeouts[stateName] = timeout ?? _timeouts[stateName];
        }
        else
        {
            _functions.Add(stateName, func);
            _timeouts.Add(stateName, timeout);
        }
    }

    /// <inheritdoc cref="TransformHelper"/>
    public TransformHelper Transform(StateFunction func) => new(func);

    /// <summary>Handles what the state's own handlers do not; replaces the one before. What it gives null for is logged as a warning.</summary>
    public void WhenUnhandled(StateFunction stateFunction) => _whenUnhandled = stateFunction;

    /// <summary>Adds a handler that is called at each transition, before the next state is current.</summary>
    public void OnTransition(TransitionHandler transitionHandler) => _transitions.Add(transitionHandler);

    /// <summary>Called once when the machine stops; replaces the one before.</summary>
    public void OnTermination(Action<StopEvent<TState, TData>> terminationHandler) => _onTermination = terminationHandler;

    /// <summary>Enters the first state; the last call of the constructor or of <c>PreStart</c>.</summary>
    public void Initialize()
    {
        if (_current is null)
        {
            throw new IllegalActorStateException("You must call StartWith before calling Initialize.");
        }

        MakeTransition(Current);
    }

    public State<TState, TData> GoTo(TState nextStateName) => new(nextStateName, Current.StateData);

    public State<TState, TData> Stay() => new(Current.StateName, Current.StateData, notifies: false);

    public State<TState, TData> Stop() => Stop(Normal.Instance);

    public State<TState, TData> Stop(Reason reason) => Stop(reason, Current.StateData);

    public State<TState, TData> Stop(Reason reason, TData stateData) =>
        new(Current.StateName, stateData, stopReason: reason, notifies: false);

    /// <summary>Sends the machine a message after the time, or every time; replaces the timer of that name.</summary>
    public void SetTimer(string name, object msg, TimeSpan timeout, bool repeat = false)
    {
        if (repeat)
        {
            Timers.StartPeriodicTimer(name, msg, timeout);
        }
        else
        {
            Timers.StartSingleTimer(name, msg, timeout);
        }
    }

    public void CancelTimer(string name) => Timers.Cancel(name);

    public bool IsTimerActive(string name) => Timers.IsTimerActive(name);

    /// <summary>Sets, or with null takes away, a state's timeout; for the next time that it is entered.</summary>
    public void SetStateTimeout(TState state, TimeSpan? timeout) => _timeouts[state] = timeout;

    /// <summary>A transition that a test makes, as if a handler had answered with it.</summary>
    internal void SetStateForTest(TState stateName, TData stateData, TimeSpan? timeout, Reason? stopReason) =>
        ApplyState(new State<TState, TData>(stateName, stateData, timeout, stopReason));

    internal bool IsStateTimerActive => Timers.IsTimerActive(StateTimerKey);

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case SubscribeTransitionCallBack subscribe:
                Context.Watch(subscribe.ActorRef);
                _listeners.Add(subscribe.ActorRef);
                subscribe.ActorRef.Tell(new CurrentState<TState>(Self, StateName), Self);
                return true;
            case UnsubscribeTransitionCallBack unsubscribe:
                Context.Unwatch(unsubscribe.ActorRef);
                _listeners.Remove(unsubscribe.ActorRef);
                return true;
            case Terminated terminated when _listeners.Remove(terminated.ActorRef):
                return true;
        }

        if (message is not StateTimeout)
        {
            Timers.Cancel(StateTimerKey);
        }

        ProcessEvent(message);
        return true;
    }

    /// <summary>Logs a <see cref="FSMBase.Failure"/> as an error.</summary>
    protected virtual void LogTermination(Reason reason)
    {
        if (reason is Failure { Cause: var cause })
        {
            Context.GetLogger().Error(cause as Exception, "terminating due to Failure: {0}", cause);
        }
    }

    protected override void PostStop()
    {
        if (_current is not null)
        {
            Terminate(Stop(Shutdown.Instance));
        }

        base.PostStop();
    }

    private void ProcessEvent(object message)
    {
        var fsmEvent = new Event<TData>(message, Current.StateData);
        var next = _functions.GetValueOrDefault(Current.StateName)?.Invoke(fsmEvent) ?? _whenUnhandled?.Invoke(fsmEvent);
        if (next is null)
        {
            Context.GetLogger().Warning("unhandled event {0} in state {1}", message, StateName);
            next = Stay();
        }

        ApplyState(next);
    }

    private void ApplyState(State<TState, TData> next)
    {
        if (next.StopReason is null)
        {
            MakeTransition(next);
            return;
        }

        Reply(next);
        Terminate(next);
        Context.Stop(Self);
    }

    private void MakeTransition(State<TState, TData> next)
    {
        if (!_functions.ContainsKey(next.StateName))
        {
            ApplyState(Stop(new Failure($"Next state {next.StateName} does not exist")));
            return;
        }

        Reply(next);
        if (next.Notifies || !Equals(next.StateName, Current.StateName))
        {
            _next = next;
            var from = Current.StateName;
            foreach (var handler in _transitions)
            {
                handler(from, next.StateName);
            }

            foreach (var listener in _listeners)
            {
                listener.Tell(new Transition<TState>(Self, from, next.StateName), Self);
            }

            _next = null;
        }

        _current = next;
        ArmStateTimeout(next);
    }

    private void ArmStateTimeout(State<TState, TData> state)
    {
        var timeout = state.Timeout ?? _timeouts.GetValueOrDefault(state.StateName);
        if (timeout is { } time && time > TimeSpan.Zero && time < TimeSpan.MaxValue)
        {
            Timers.StartSingleTimer(StateTimerKey, StateTimeout.Instance, time);
        }
    }

    private void Reply(State<TState, TData> next)
    {
        foreach (var reply in next.Replies)
        {
            Sender.Tell(reply);
        }
    }

    private void Terminate(State<TState, TData> last)
    {
        if (_terminated)
        {
            return;
        }

        _terminated = true;
        Timers.CancelAll();
        _current = last;
        LogTermination(last.StopReason!);

        _onTermination?.Invoke(new StopEvent<TState, TData>(last.StopReason!, last.StateName, last.StateData));
    }
}
