namespace MeshNode.Actors.TestKit;

/// <summary>
/// Base of tests with actors: a system of its own in virtual time, a test actor that is the sender of what the test tells
/// from its own thread, expectations, and a clean end.
/// </summary>
public abstract class TestKit : TestKitBase, IDisposable
{
    protected TestKit()
        : this(ActorSystemSetup.Empty)
    {
    }

    /// <param name="setup">Its scheduler and default dispatcher are the kit's unless it names others.</param>
    /// <param name="realTime">Run by the real clock instead of virtual time.</param>
    protected TestKit(ActorSystemSetup setup, bool realTime = false)
        : base(CreateContext(setup, realTime), "testActor")
    {
        EventFilter = new EventFilterFactory(KitContext);
        ActorCell.Current = ((LocalActorRef)TestActor).Cell; // what the test's thread tells is sent by the test actor
    }

    /// <summary>Moves virtual time.</summary>
    public TestScheduler Scheduler => KitContext.Scheduler ?? throw new InvalidOperationException("This test runs by the real clock.");

    /// <summary>Runs the actors and knows when they have settled; register it under other ids for actors that name a dispatcher.</summary>
    public TestDispatcher Dispatcher => (TestDispatcher)Sys.Dispatchers.DefaultGlobalDispatcher;

    /// <summary>Expectations about the log and dead letters.</summary>
    public EventFilterFactory EventFilter { get; }

    public IActorRef ActorOf(Props props, string? name = null) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new() => Sys.ActorOf(Props.Create(() => new TActor()), name);

    public IActorRef ActorOf<TActor>(Func<TActor> factory, string? name = null)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);

    /// <summary>Waits until the actors have done what they can without the clock moving.</summary>
    public void Settle() => KitContext.Settle();

    public void Dispose()
    {
        ActorCell.Current = null;
        Shutdown();
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops the system; a test fails whose actors do not stop.</summary>
    protected virtual void Shutdown()
    {
        if (!Sys.Terminate().Wait(TimeSpan.FromSeconds(30)))
        {
            throw new TimeoutException("The actor system did not terminate within 30 s.");
        }
    }

    private static TestKitContext CreateContext(ActorSystemSetup setup, bool realTime)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var dispatcher = setup.DefaultDispatcher as TestDispatcher
            ?? (setup.DefaultDispatcher is null ? new TestDispatcher(Dispatchers.DefaultDispatcherId) : null);
        var scheduler = setup.Scheduler as TestScheduler
            ?? (setup.Scheduler is null && !realTime ? new TestScheduler(() => TestKitContext.Settle(dispatcher)) : null);
        var system = (ActorSystemImpl)ActorSystem.Create("test", setup with
        {
            Scheduler = setup.Scheduler ?? scheduler,
            DefaultDispatcher = setup.DefaultDispatcher ?? dispatcher,
        });
        return new TestKitContext(system, scheduler, dispatcher);
    }
}
