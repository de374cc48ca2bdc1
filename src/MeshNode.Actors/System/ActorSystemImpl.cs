using System.Diagnostics.CodeAnalysis;

namespace MeshNode.Actors;

internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly ClockScheduler? _ownScheduler;
    private readonly TimeSpan _started;
    private readonly RootGuardianRef _root;
    private readonly ExtensionRegistry _extensions;
    private readonly TerminationCallbacks _terminationCallbacks = new();
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastUid;

    public ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        Name = name;
        Settings = setup;
        EventStream = new EventStream();
        SchedulerImpl = setup.Scheduler ?? (_ownScheduler = new ClockScheduler(
            setup.Clock, e => EventStream.Publish(new Event.Error(e, "Scheduler", typeof(ClockScheduler), "Scheduled work failed"))));
        _started = SchedulerImpl.MonotonicClock;
        Dispatchers = new Dispatchers(setup.DefaultDispatcher ?? new ThreadPoolDispatcher(Dispatchers.DefaultDispatcherId));
        Log = new BusLogging(this, $"ActorSystem({name})", typeof(ActorSystem));
        _extensions = new ExtensionRegistry(this);
        _root = new RootGuardianRef(this, HandleGuardianStopped);
        DeadLetters = new DeadLetterActorRef(this, _root.Path.Child("deadLetters", 0));
    }

    public override string Name { get; }

    public override ActorSystemSetup Settings { get; }

    public SchedulerBase SchedulerImpl { get; }

    public override IScheduler Scheduler => SchedulerImpl;

    public override Dispatchers Dispatchers { get; }

    public override Mailboxes Mailboxes { get; } = new();

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters { get; }

    public override ILoggingAdapter Log { get; }

    public override TimeSpan Uptime => SchedulerImpl.MonotonicClock - _started;

    public override Task WhenTerminated => _terminated.Task;

    public RootGuardianRef Root => _root;

    /// <summary>The actors are being stopped.</summary>
    public bool IsTerminating { get; private set; }

    public LocalActorRef UserGuardian { get; private set; } = null!;

    public LocalActorRef SystemGuardian { get; private set; } = null!;

    public void Start()
    {
        if (Settings.Get<CoordinatedShutdownSetup>() is not null)
        {
            CoordinatedShutdown.Get(this); // a setup that contradicts itself is refused now, not at the end
        }

        if (Settings.LogDeadLetters > 0)
        {
            new DeadLetterListener(this).Subscribe();
        }

        SystemGuardian = _root.StartGuardian("system", SupervisorStrategy.DefaultStrategy);
        UserGuardian = _root.StartGuardian("user", SupervisorStrategy.DefaultStrategy);
    }

    public long NextUid() => Interlocked.Increment(ref _lastUid);

    public ILoggingAdapter LogFor(LocalActorRef actor) => new BusLogging(this, actor.Path.ToString(), actor.Cell.Props.Type);

    public void PublishDeadLetter(in Envelope envelope, IActorRef recipient)
    {
        var (message, sender) = envelope;
        switch (message)
        {
            case IDeadLetterSuppression:
                if (EventStream.HasSubscribers(typeof(SuppressedDeadLetter)))
                {
                    EventStream.Publish(new SuppressedDeadLetter(message, sender ?? DeadLetters, recipient));
                }

                break;
            case AllDeadLetters known when ReferenceEquals(recipient, DeadLetters):
                EventStream.Publish(known);
                break;
            case AllDeadLetters:
                break; // for a subscriber that has stopped but not left yet: published again it would come back here, without end
            case Identify identify:
                (sender ?? DeadLetters).Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                break;
            default:
                EventStream.Publish(new DeadLetter(message, sender ?? DeadLetters, recipient));
                break;
        }
    }

    public override object RegisterExtension(IExtensionId extension) => _extensions.Register(extension);

    public override object? GetExtension(IExtensionId extensionId)
    {
        ArgumentNullException.ThrowIfNull(extensionId);
        return _extensions.Find(extensionId.ExtensionType);
    }

    public override T? GetExtension<T>()
        where T : class => (T?)_extensions.Find(typeof(T));

    public override bool HasExtension(Type type) => _extensions.Find(type) is not null;

    public override bool HasExtension<T>() => HasExtension(typeof(T));

    public override bool TryGetExtension(Type extensionType, [NotNullWhen(true)] out object? extension) =>
        (extension = _extensions.Find(extensionType)) is not null;

    public override bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class => (extension = GetExtension<T>()) is not null;

    public override void RegisterOnTermination(Action code) => _terminationCallbacks.Add(code);

    public override IActorRef SystemActorOf(Props props, string? name = null) => SystemGuardian.Cell.MakeChild(props, name);

    public override IActorRef ActorOf(Props props, string? name = null) => UserGuardian.Cell.MakeChild(props, name);

    public override ActorSelection ActorSelection(string path) => Actors.ActorSelection.From(this, _root, path);

    public override ActorSelection ActorSelection(ActorPath path) => Actors.ActorSelection.From(this, _root, path);

    public override void Stop(IActorRef actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        InternalActorRef.Of(actor).SendSystemMessage(new TerminateMessage());
    }

    public override Task Terminate()
    {
        if (Settings.Get<CoordinatedShutdownSetup>() is { RunByActorSystemTerminate: false })
        {
            return FinalTerminate();
        }

        _ = CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        return WhenTerminated;
    }

    /// <summary>Stops the actors, whatever phases there are.</summary>
    public Task FinalTerminate()
    {
        IsTerminating = true;
        UserGuardian.SendSystemMessage(new TerminateMessage());
        return WhenTerminated;
    }

    /// <summary>What users made goes first, then what serves them.</summary>
    private void HandleGuardianStopped(LocalActorRef guardian)
    {
        if (ReferenceEquals(guardian, UserGuardian))
        {
            SystemGuardian.SendSystemMessage(new TerminateMessage());
        }
        else
        {
            _terminationCallbacks.Run(Log);
            _ownScheduler?.Dispose();
            _terminated.TrySetResult();
        }
    }
}
