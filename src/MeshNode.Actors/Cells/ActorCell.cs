using MeshNode.Actors.Routing;

namespace MeshNode.Actors;

/// <summary>
/// What stands behind a reference: the actor's incarnation, its behaviour, its children and its place in the tree. All
/// but creation is touched by the mailbox's run only. Parts that few actors need are made when first needed.
/// </summary>
internal sealed class ActorCell : IUntypedActorContext
{
    [ThreadStatic]
    private static ActorCell? _current;

    private readonly Props _props;
    private RunState _runState;
    private object? _currentMessage;
    private IActorRef? _sender;
    private Receive? _behaviour; // null: the actor's own Receive
    private Stack<Receive?>? _behavioursBelow;
    private ChildrenContainer? _children;
    private DeathWatch? _deathWatch;
    private FaultHandling? _faults;
    private SupervisorStrategy? _strategy;
    private CellExtras? _extras;
    private bool _creationBegun;
    private bool _stopped;

    public ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, MessageDispatcher dispatcher)
    {
        SystemImpl = system;
        Self = self;
        _props = props;
        Mailbox = (props.Mailbox is { } id ? system.Mailboxes.Lookup(id) : UnboundedMailbox.Instance).CreateMailbox(this, dispatcher);
    }

    /// <summary>The cell that runs on this thread now.</summary>
    public static ActorCell? Current
    {
        get => _current;
        set => _current = value;
    }

    public static IActorRef? CurrentSelf => _current?.Self;

    public ActorSystemImpl SystemImpl { get; }

    public LocalActorRef Self { get; }

    public ref RunState RunState => ref _runState;

    public Mailbox Mailbox { get; }

    public ActorBase? Actor { get; private set; }

    public ChildrenContainer? Children => Volatile.Read(ref _children);

    public object? CurrentMessage => _currentMessage;

    public IActorRef? SenderOrNull => _sender;

    public bool IsCreating { get; private set; }

    public bool IsTerminating => _stopped || _faults is { IsTerminating: true };

    public ILoggingAdapter Log => SystemImpl.LogFor(Self);

    public IActorRef Sender => _sender ?? SystemImpl.DeadLetters;

    public Props Props => _props;

    public ActorSystem System => SystemImpl;

    public IActorRef Parent => Self.Parent;

    public MessageDispatcher Dispatcher => Mailbox.Dispatcher;

    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout;

    IActorRef IActorContext.Self => Self;

    public CellExtras Extras => _extras ??= new CellExtras(this);

    private FaultHandling Faults => _faults ??= new FaultHandling(this);

    private DeathWatch Watches => _deathWatch ??= new DeathWatch(this);

    // Creation

    public void EnsureCreated()
    {
        if (!_creationBegun)
        {
            _creationBegun = true;
            CreateActor();
        }
    }

    public void CreateActor()
    {
        try
        {
            NewActor().InvokePreStart();
        }
        catch (Exception e)
        {
            DropActor();
            HandleInvokeFailure(
                e as ActorInitializationException ?? new ActorInitializationException(Self, $"exception during creation: {e.Message}", e), []);
        }
    }

    /// <summary>Makes an incarnation and its timers and stash, without telling it that it starts.</summary>
    public ActorBase NewActor()
    {
        IsCreating = true;
        try
        {
            var actor = _props.NewActor();
            (actor as IInitializableActor)?.Init();
            Actor = actor;
            if (actor is IWithTimers withTimers)
            {
                withTimers.Timers = Extras.CreateTimers();
            }

            if (actor is IActorStash withStash)
            {
                withStash.Stash = Extras.CreateStash(withStash);
            }

            return actor;
        }
        finally
        {
            IsCreating = false;
        }
    }

    /// <summary>After a failed creation there is no incarnation, only a cell.</summary>
    public void DropActor()
    {
        EndIncarnation();
        Actor = null;
    }

    /// <summary>Takes from an incarnation what the next one must not have.</summary>
    public void EndIncarnation()
    {
        _behaviour = null;
        _behavioursBelow = null;
        _strategy = null;
        ClearCurrent();
        _extras?.EndIncarnation();
    }

    // Messages

    /// <summary>Handles a message; what it throws is for <see cref="HandleReceiveFailure"/>, once for all of a run.</summary>
    public void Invoke(object message, IActorRef? sender)
    {
        _currentMessage = message;
        _sender = sender;
        if (message is IAutoReceivedMessage)
        {
            AutoReceive(message);
        }
        else
        {
            Actor!.InvokeReceive(message, _behaviour);
        }

        if (_extras is { } extras)
        {
            MessageHandled(extras);
        }
    }

    public void HandleReceiveFailure(Exception cause)
    {
        HandleInvokeFailure(cause, []);
        if (_extras is { } extras)
        {
            MessageHandled(extras);
        }
    }

    /// <summary>No more messages for now: forgets the last one, unless its handler awaits something.</summary>
    public void EndReceiving()
    {
        if (_extras is not { IsAwaiting: true })
        {
            ClearCurrent();
        }
    }

    /// <summary>Handles a message outside the mailbox's run, for a test: failures are thrown to it, an asynchronous handler's task is given.</summary>
    public Task InvokeForTest(in Envelope envelope)
    {
        (_currentMessage, _sender) = envelope;
        AutoReceive(envelope.Message);
        return _extras?.Awaited ?? Task.CompletedTask;
    }

    public void SystemInvoke(SystemMessage message, bool handleKeptBack = true)
    {
        if (_faults is { } faults && faults.TryKeepBack(message))
        {
            return;
        }

        try
        {
            switch (message)
            {
                case DeathWatchNotification notification:
                    HandleStopped(notification);
                    break;
                case FailedMessage failed:
                    HandleFailed(failed);
                    break;
                case WatchMessage watch:
                    Watches.AddWatcher(watch.Watcher);
                    break;
                case UnwatchMessage unwatch:
                    _deathWatch?.RemoveWatcher(unwatch.Watcher);
                    break;
                case SuspendMessage:
                    Faults.Suspend();
                    break;
                case ResumeMessage resume:
                    Faults.Resume(resume.CausedByFailure);
                    break;
                case RecreateMessage recreate:
                    Faults.Recreate(recreate.Cause);
                    break;
                case TerminateMessage:
                    Faults.Terminate();
                    break;
                case AsyncContinuation continuation:
                    _extras?.Continue(continuation);
                    break;
                case AsyncCompleted completed:
                    _extras?.Complete(completed);
                    break;
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e, [], (message as FailedMessage)?.Child);
        }

        if (handleKeptBack && !_stopped)
        {
            _faults?.HandleKeptBack();
        }
    }

    public void HandleInvokeFailure(Exception cause, IReadOnlyCollection<IActorRef> notToSuspend, LocalActorRef? perpetrator = null) =>
        Faults.Fail(cause, perpetrator, notToSuspend);

    /// <summary>Forgets the message that was handled.</summary>
    public void ClearCurrent()
    {
        _currentMessage = null;
        _sender = null;
    }

    public Envelope CurrentEnvelope() => _currentMessage is { } message
        ? new Envelope(message, _sender!)
        : throw new IllegalActorStateException("No message is being handled.");

    /// <summary>Puts a stashed message before all others.</summary>
    public void PutBack(in Envelope envelope)
    {
        if (envelope.Message is Terminated terminated && !_stopped)
        {
            Watches.PutBack(terminated);
        }

        Mailbox.PushFront(envelope);
    }

    // Asynchronous handlers

    public void RunTask(Func<Task> action) => Extras.Run(static (function, _) => ((Func<Task>)function)(), action, null);

    public void RunTask<T>(Func<T, Task> handler, T message) =>
        Extras.Run(static (function, argument) => ((Func<T, Task>)function)((T)argument!), handler, message);

    public void AbandonAsync() => _extras?.AbandonAsync();

    // Context

    public IActorRef ActorOf(Props props, string? name = null) => MakeChild(props, name);

    public LocalActorRef MakeChild(Props props, string? name)
    {
        ArgumentNullException.ThrowIfNull(props);
        ActorPath.ThrowIfInvalidName(name);
        if (IsTerminating)
        {
            throw new InvalidOperationException("Cannot create children while terminating or terminated.");
        }

        var dispatcher = props.Dispatcher is { } id ? SystemImpl.Dispatchers.Lookup(id) : SystemImpl.Dispatchers.DefaultGlobalDispatcher;
        var children = Children ?? Interlocked.CompareExchange(ref _children, new ChildrenContainer(), null) ?? Children!;
        var child = children.Add(this, props, dispatcher, name);
        child.Start();
        return child;
    }

    /// <summary>For the container of children, which knows its name.</summary>
    public LocalActorRef NewChild(Props props, MessageDispatcher dispatcher, ChildName name) => props.RouterConfig is null
        ? new LocalActorRef(SystemImpl, props, dispatcher, Self, name)
        : new RoutedActorRef(SystemImpl, props, Self, name);

    public ActorSelection ActorSelection(string path) => Actors.ActorSelection.From(SystemImpl, Self, path);

    public ActorSelection ActorSelection(ActorPath path) => Actors.ActorSelection.From(SystemImpl, Self, path);

    public IActorRef Child(string name) => Children?.Find(name) ?? ActorRefs.Nobody;

    public IEnumerable<IActorRef> GetChildren() => Children?.Snapshot() ?? [];

    public LocalActorRef[] ChildrenSnapshot() => Children?.Snapshot() ?? [];

    public IActorRef Watch(IActorRef subject)
    {
        Watches.Watch(InternalActorRef.Of(subject), null);
        return subject;
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Watches.Watch(InternalActorRef.Of(subject), message);
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        _deathWatch?.Unwatch(InternalActorRef.Of(subject));
        return subject;
    }

    public void Become(Receive receive) => _behaviour = receive;

    public void BecomeStacked(Receive receive)
    {
        (_behavioursBelow ??= new Stack<Receive?>()).Push(_behaviour);
        _behaviour = receive;
    }

    public void UnbecomeStacked() => _behaviour = _behavioursBelow is { Count: > 0 } below ? below.Pop() : null;

    public void Become(UntypedReceive receive) => Become(UntypedActor.ToReceive(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(UntypedActor.ToReceive(receive));

    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is not null || _extras is not null)
        {
            Extras.SetReceiveTimeout(timeout);
        }
    }

    public void Stop(IActorRef actor)
    {
        var subject = InternalActorRef.Of(actor);
        if (subject is LocalActorRef child)
        {
            Children?.MarkStopping(child);
        }

        subject.SendSystemMessage(new TerminateMessage());
    }

    public void StopChildren(bool unwatch = true)
    {
        foreach (var child in ChildrenSnapshot())
        {
            if (unwatch)
            {
                _deathWatch?.Unwatch(child);
            }

            Stop(child);
        }
    }

    /// <summary>From here on no child is added, by whatever thread.</summary>
    public void CloseToChildren() => Interlocked.CompareExchange(ref _children, ChildrenContainer.Closed, null)?.Close();

    // End

    public void FinishTerminate()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        try
        {
            Actor?.InvokePostStop();
        }
        catch (Exception e)
        {
            Log.Error(e, "PostStop failed");
        }

        EndIncarnation();
        Mailbox.Close();
        if (Mailbox.IsSubscribed)
        {
            SystemImpl.EventStream.Unsubscribe(Self);
        }

        Self.Parent.SendSystemMessage(new DeathWatchNotification(Self, existenceConfirmed: true));
        _deathWatch?.NotifyWatchers(Self.Parent);
        _deathWatch?.UnwatchAll();
        _deathWatch = null;
        Actor = null;
        _extras = null;
    }

    private void AutoReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated:
                if (_deathWatch is { } watches && watches.TryTake(terminated, out var notice))
                {
                    _currentMessage = notice;
                    Actor!.InvokeReceive(notice, _behaviour);
                }

                break;
            case TimerMessage timer:
                if (_extras?.TakeTimer(timer) is { } due)
                {
                    _currentMessage = due;
                    Actor!.InvokeReceive(due, _behaviour);
                }

                break;
            case PoisonPill:
                Self.SendSystemMessage(new TerminateMessage());
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, Self), Self);
                break;
            default:
                Actor!.InvokeReceive(message, _behaviour);
                break;
        }
    }

    private void MessageHandled(CellExtras extras)
    {
        if (!extras.IsAwaiting)
        {
            extras.MessageHandled(_currentMessage);
        }
    }

    private void HandleFailed(FailedMessage failed)
    {
        if (Children is not { } children || !children.Contains(failed.Child))
        {
            return; // it was a child once
        }

        var strategy = Strategy();
        if (!strategy.HandleFailure(this, failed.Child, failed.Cause, children.StatsOf(failed.Child), children.AllStats()))
        {
            HandleInvokeFailure(failed.Cause, [], failed.Child);
        }
    }

    private void HandleStopped(DeathWatchNotification notification)
    {
        _deathWatch?.SubjectStopped(notification);
        if (notification.Actor is LocalActorRef child && Children is { } children && children.Remove(child))
        {
            _faults?.ChildRemoved();
        }
    }

    private SupervisorStrategy Strategy() =>
        (_strategy ??= _props.SupervisorStrategy ?? Actor?.CreateSupervisorStrategy()) ?? SupervisorStrategy.DefaultStrategy;
}
