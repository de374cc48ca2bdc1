using MeshNode.Actors.Event;
using Xunit.Abstractions;

namespace MeshNode.Actors.TestKit;

/// <summary>
/// Base of tests with actors: a system of its own in virtual time, a test actor that is the sender of what the test tells
/// from its own thread, expectations, and a clean end.
/// </summary>
public abstract class TestKit : TestKitBase, IDisposable
{
    private readonly SynchronizationContext? _outerContext = SynchronizationContext.Current;
    private readonly OutputLogger? _logger;
    private readonly bool _ownsSystem;

    protected TestKit()
        : this(ActorSystemSetup.Empty)
    {
    }

    /// <param name="setup">Its scheduler and default dispatcher are the kit's unless it names others; how the test runs is its <see cref="TestKitSetup"/>.</param>
    /// <param name="realTime">Run by the real clock instead of virtual time.</param>
    protected TestKit(ActorSystemSetup setup, bool realTime = false)
        : this(Create(setup, null, realTime), null, ownsSystem: true)
    {
    }

    /// <param name="config">As above.</param>
    /// <param name="actorSystemName">"test" when null.</param>
    /// <param name="output">Where the log goes.</param>
    protected TestKit(ActorSystemSetup config, string? actorSystemName, ITestOutputHelper? output = null)
        : this(Create(config, actorSystemName, false), output, ownsSystem: true)
    {
    }

    /// <param name="system">Somebody else's, who ends it; null for one of the kit's own.</param>
    /// <param name="output">Where the log goes.</param>
    protected TestKit(ActorSystem? system = null, ITestOutputHelper? output = null)
        : this(system is null ? Create(ActorSystemSetup.Empty, null, false) : new TestKitContext(system, Settings(system.Settings)), output, system is null)
    {
    }

    private TestKit(TestKitContext context, ITestOutputHelper? output, bool ownsSystem)
        : base(context, null)
    {
        _ownsSystem = ownsSystem;
        if (output is not null)
        {
            _logger = new OutputLogger(context, output);
            Sys.EventStream.Subscribe<LogEvent>(_logger);
        }

        if (this is not INoImplicitSender)
        {
            var cell = ((LocalActorRef)TestActor).Cell;
            ActorCell.Current = cell; // what the test's thread tells is sent by the test actor
            SynchronizationContext.SetSynchronizationContext(new TestSynchronizationContext(cell));
        }
    }

    /// <summary>Moves virtual time.</summary>
    public TestScheduler Scheduler => KitContext.Scheduler ?? throw new InvalidOperationException("This test runs by the real clock.");

    /// <summary>Runs the actors and knows when they have settled; register it under other ids for actors that name a dispatcher.</summary>
    public TestDispatcher Dispatcher => (TestDispatcher)Sys.Dispatchers.DefaultGlobalDispatcher;

    public void Dispose()
    {
        ActorCell.Current = null;
        SynchronizationContext.SetSynchronizationContext(_outerContext);
        try
        {
            AfterAll();
            if (_ownsSystem)
            {
                Shutdown();
            }
            else
            {
                Sys.Stop(TestActor);
            }
        }
        finally
        {
            _logger?.End();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Runs after the test, before the system ends.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Stops the system; a test fails whose actors do not stop.</summary>
    protected virtual void Shutdown()
    {
        if (!Sys.Terminate().Wait(TimeSpan.FromSeconds(30)))
        {
            throw new TimeoutException("The actor system did not terminate within 30 s.");
        }
    }

    private static TestKitSetup Settings(ActorSystemSetup setup) => setup.Get<TestKitSetup>() ?? new TestKitSetup();

    private static TestKitContext Create(ActorSystemSetup setup, string? name, bool realTime)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var settings = Settings(setup);
        var dispatcher = setup.DefaultDispatcher as TestDispatcher
            ?? (setup.DefaultDispatcher is null ? new TestDispatcher(Dispatchers.DefaultDispatcherId) : null);
        var scheduler = setup.Scheduler is null && !realTime && !settings.RealTime ? new TestScheduler(() => TestKitContext.Settle(dispatcher)) : null;
        var system = ActorSystem.Create(name ?? "test", setup with
        {
            Scheduler = setup.Scheduler ?? scheduler,
            DefaultDispatcher = setup.DefaultDispatcher ?? dispatcher,
        });
        return new TestKitContext(system, settings);
    }
}
