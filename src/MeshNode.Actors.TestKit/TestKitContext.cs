namespace MeshNode.Actors.TestKit;

/// <summary>What a test's kit and its probes share.</summary>
internal sealed class TestKitContext
{
    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    private readonly TestDispatcher? _dispatcher;

    public TestKitContext(ActorSystem system, TestKitSetup settings)
    {
        System = (ActorSystemImpl)system;
        Settings = settings;
        Scheduler = system.Scheduler as TestScheduler;
        _dispatcher = system.Dispatchers.DefaultGlobalDispatcher as TestDispatcher;
        system.Dispatchers.RegisterConfigurator(
            CallingThreadDispatcher.Id, new SharedDispatcherConfigurator(new CallingThreadDispatcher(_dispatcher)));
    }

    public ActorSystemImpl System { get; }

    public TestKitSetup Settings { get; }

    /// <summary>Null when the system runs by the real clock.</summary>
    public TestScheduler? Scheduler { get; }

    public bool AdvancesWhileWaiting => Settings.AdvanceWhileWaiting && Scheduler is not null;

    /// <summary>Whether it is known when the actors have settled.</summary>
    public bool CanSettle => _dispatcher is not null;

    /// <summary>Probes stand beside the system's own actors, so that they outlive what is tested.</summary>
    public LocalActorRef ProbeParent => System.SystemGuardian;

    /// <summary>Which log events the test does not want to see.</summary>
    public MutedEvents Muted { get; } = new();

    /// <summary>A context of another system, for its probes and filters.</summary>
    public TestKitContext For(ActorSystem system) => ReferenceEquals(system, System) ? this : new TestKitContext(system, Settings);

    public void Settle() => Settle(_dispatcher);

    public static void Settle(TestDispatcher? dispatcher)
    {
        if (dispatcher is not null && !dispatcher.Settle(SettleLimit))
        {
            throw new TimeoutException($"The actors did not settle within {SettleLimit}.");
        }
    }
}
