namespace MeshNode.Actors.TestKit;

/// <summary>
/// Expectations about what one actor, the <c>TestActor</c>, receives, and the actors around it. Waiting for something takes
/// wall-clock time, with a limit that a slow machine does not reach; waiting for nothing takes virtual time where there is some.
/// </summary>
public abstract class TestKitBase : GroupExpectations, IActorRefFactory
{
    private protected TestKitBase(TestKitContext context, string? name)
        : base(context, name) => EventFilter = new EventFilterFactory(context, this, []);

    /// <summary>Expectations about the log and dead letters.</summary>
    public EventFilterFactory EventFilter { get; }

    public ILoggingAdapter Log => Sys.Log;

    /// <summary>Expectations about the log and dead letters of another system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(KitContext.For(system), this, []);

    public IActorRef ActorOf(Props props, string? name = null) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create(() => new TActor()), name);

    public IActorRef ActorOf<TActor>(Func<TActor> factory, string? name = null)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    public ActorSelection ActorSelection(string path) => Sys.ActorSelection(path);

    public ActorSelection ActorSelection(ActorPath path) => Sys.ActorSelection(path);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Props props, IActorRef? supervisor, string? name = null)
        where TActor : ActorBase => new(Sys, props, supervisor, name);

    /// <summary>An actor that runs on the thread which tells it something, and lets a test look inside.</summary>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Props props, string? name = null)
        where TActor : ActorBase => new(Sys, props, null, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Func<TActor> factory, IActorRef? supervisor, string? name = null)
        where TActor : ActorBase => new(Sys, Props.Create(factory), supervisor, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Func<TActor> factory, string? name = null)
        where TActor : ActorBase => new(Sys, Props.Create(factory), null, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(IActorRef? supervisor, string? name = null)
        where TActor : ActorBase, new() => new(Sys, Props.Create(() => new TActor()), supervisor, name);

    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(string? name = null)
        where TActor : ActorBase, new() => new(Sys, Props.Create(() => new TActor()), null, name);

    public TestFSMRef<TFsmActor, TState, TData> ActorOfAsTestFSMRef<TFsmActor, TState, TData>(
        Props props, IActorRef? supervisor, string? name = null)
        where TState : notnull
        where TFsmActor : FSM<TState, TData> => new(Sys, props, supervisor, name);

    /// <summary>A state machine that runs on the thread which tells it something, and lets a test see and set its state.</summary>
    public TestFSMRef<TFsmActor, TState, TData> ActorOfAsTestFSMRef<TFsmActor, TState, TData>(Props props, string? name = null)
        where TState : notnull
        where TFsmActor : FSM<TState, TData> => new(Sys, props, null, name);

    public TestFSMRef<TFsmActor, TState, TData> ActorOfAsTestFSMRef<TFsmActor, TState, TData>(Func<TFsmActor> factory, string? name = null)
        where TState : notnull
        where TFsmActor : FSM<TState, TData> => new(Sys, Props.Create(factory), null, name);

    public TestFSMRef<TFsmActor, TState, TData> ActorOfAsTestFSMRef<TFsmActor, TState, TData>(string? name = null)
        where TState : notnull
        where TFsmActor : FSM<TState, TData>, new() => new(Sys, Props.Create(() => new TFsmActor()), null, name);

    /// <summary>Another actor to expect messages at.</summary>
    public TestProbe CreateTestProbe(string? name = null) => new(KitContext, name);

    public TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(KitContext.For(system), name);

    public TestLatch CreateTestLatch(int count = 1) => new(count, DefaultTimeout);

    public TestBarrier CreateTestBarrier(int count) => new(count, DefaultTimeout);

    /// <summary>Lets the test actor act on messages before the test sees them.</summary>
    public void SetAutoPilot(AutoPilot pilot)
    {
        ArgumentNullException.ThrowIfNull(pilot);
        TestActor.Tell(new TestActor.SetAutoPilot(pilot), ActorRefs.NoSender);
    }

    /// <summary>Has the test actor watch; <c>ExpectTerminated</c> then waits for it.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        Run(context => context.Watch(actorToWatch));
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        Run(context => context.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await RunAsync(context => context.Watch(actorToWatch)).ConfigureAwait(true);
        return actorToWatch;
    }

    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        await RunAsync(context => context.Unwatch(actorToUnwatch)).ConfigureAwait(true);
        return actorToUnwatch;
    }

    /// <summary>A child of the test actor.</summary>
    public IActorRef ChildActorOf(Props props, string? name = null)
    {
        IActorRef child = ActorRefs.Nobody;
        Run(context => child = context.ActorOf(props, name));
        return child;
    }

    /// <summary>Waits until the actors have done what they can without the clock moving.</summary>
    public void Settle() => KitContext.Settle();

    private void Run(Action<IUntypedActorContext> action)
    {
        if (!RunAsync(action).Wait(DefaultTimeout))
        {
            throw new TimeoutException("The test actor did not answer.");
        }
    }

    private Task RunAsync(Action<IUntypedActorContext> action)
    {
        var errand = new TestActor.Errand(action);
        TestActor.Tell(errand, ActorRefs.NoSender);
        return errand.Done;
    }
}
