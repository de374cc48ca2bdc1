using System.Collections.Concurrent;

namespace MeshNode.Actors.Tests;

public sealed class CoordinatedShutdownTests : TestKit.TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly CoordinatedShutdown.Reason Reason = CoordinatedShutdown.UnknownReason.Instance;

    private static readonly string[] AkkasPhases =
    [
        "before-service-unbind", "service-unbind", "service-requests-done", "service-stop", "before-cluster-shutdown",
        "cluster-sharding-shutdown-region", "cluster-leave", "cluster-exiting", "cluster-exiting-done", "cluster-shutdown",
        "before-actor-system-terminate", "actor-system-terminate",
    ];

    private readonly ConcurrentQueue<string> _ran = new();

    private CoordinatedShutdown Coordinated => CoordinatedShutdown.Get(Sys);

    private Func<Task<Done>> Note(string name) => () =>
    {
        _ran.Enqueue(name);
        return Task.FromResult(Done.Instance);
    };

    private static CoordinatedShutdown With(ActorSystem system, out ActorSystem same) => CoordinatedShutdown.Get(same = system);

    private ActorSystem OtherSystem(CoordinatedShutdownSetup setup) =>
        ActorSystem.Create("other", ActorSystemSetup.Create(setup) with { Scheduler = Scheduler });

    [Fact]
    public async Task Phases_run_in_Akkas_order_and_the_last_one_stops_the_actors()
    {
        foreach (var phase in AkkasPhases.Reverse())
        {
            Coordinated.AddTask(phase, "note", Note(phase));
        }

        var actor = Watch(ActorOf(Recorder.Props(ActorRefs.Nobody)));
        Coordinated.AddTask(CoordinatedShutdown.PhaseBeforeActorSystemTerminate, "asks", async () =>
        {
            Assert.Equal(actor, (await actor.Ask<ActorIdentity>(new Identify(1), Limit)).Subject);
            _ran.Enqueue("actors still answer");
            return Done.Instance;
        });
        await Coordinated.Run(Reason).WaitAsync(Limit);
        Assert.Equal([.. AkkasPhases[..^1], "actors still answer", AkkasPhases[^1]], _ran);
        Assert.True(Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Terminate_runs_all_phases()
    {
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("service-stop"));
        Assert.Null(Coordinated.ShutdownReason);
        await Sys.Terminate().WaitAsync(Limit);
        Assert.Equal(["service-stop"], _ran);
        Assert.Same(CoordinatedShutdown.ActorSystemTerminateReason.Instance, Coordinated.ShutdownReason);
    }

    [Fact]
    public async Task Terminate_only_stops_the_actors_where_the_setup_says_so()
    {
        var shutdown = With(OtherSystem(new CoordinatedShutdownSetup { RunByActorSystemTerminate = false }), out var system);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("service-stop"));
        await system.Terminate().WaitAsync(Limit);
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task Actors_stay_where_the_setup_says_so()
    {
        var setup = new CoordinatedShutdownSetup { RunByActorSystemTerminate = false, TerminateActorSystem = false };
        await With(OtherSystem(setup), out var system).Run(Reason).WaitAsync(Limit);
        Assert.False(system.WhenTerminated.IsCompleted);
        await system.Terminate().WaitAsync(Limit);
    }

    [Fact]
    public void Setup_that_would_leave_Terminate_without_an_end_is_refused() =>
        Assert.Throws<ConfigurationException>(() => OtherSystem(new CoordinatedShutdownSetup { TerminateActorSystem = false }));

    [Fact]
    public async Task Run_runs_once_and_all_callers_get_its_end()
    {
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("service-stop"));
        var first = Coordinated.Run(Reason);
        var second = Coordinated.Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Task.WhenAll(first, second, Sys.Terminate()).WaitAsync(Limit);
        Assert.Equal(["service-stop"], _ran);
        Assert.Same(Reason, Coordinated.ShutdownReason);
    }

    [Fact]
    public async Task Tasks_of_one_phase_run_together_and_the_next_phase_waits_for_all()
    {
        var first = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = new TaskCompletionSource<Done>(TaskCreationOptions.RunContinuationsAsynchronously);
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "waits for the second", async () =>
        {
            _ran.Enqueue("first");
            await second.Task;
            return await first.Task;
        });
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "runs beside it", () =>
        {
            _ran.Enqueue("second");
            second.SetResult(Done.Instance);
            return second.Task;
        });
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("next"));
        var run = Coordinated.Run(Reason);
        Assert.Equal(["first", "second"], _ran);
        first.SetResult(Done.Instance);
        await run.WaitAsync(Limit);
        Assert.Equal(["first", "second", "next"], _ran);
    }

    [Fact]
    public async Task Task_that_fails_is_logged_and_the_next_phase_runs()
    {
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "throws", () => throw new InvalidOperationException("thrown"));
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "fails", () => Task.FromException<Done>(new InvalidOperationException("failed")));
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("next"));
        var logged = CreateTestProbe();
        Sys.EventStream.Subscribe<Event.Warning>(logged.Ref);
        var run = Coordinated.Run(Reason);
        Assert.Contains("thrown", logged.ExpectMsg<Event.Warning>().ToString(), StringComparison.Ordinal);
        Assert.Contains("failed", logged.ExpectMsg<Event.Warning>().ToString(), StringComparison.Ordinal);
        await run.WaitAsync(Limit);
        Assert.Equal(["next"], _ran);
    }

    [Fact]
    public async Task Phase_that_takes_too_long_is_given_up_in_the_systems_time()
    {
        var setup = new CoordinatedShutdownSetup
        {
            DefaultPhaseTimeout = TimeSpan.FromSeconds(7),
            Phases = new Dictionary<string, Phase>
            {
                ["service-stop"] = new() { DependsOn = ["service-requests-done"], Timeout = TimeSpan.FromSeconds(3) },
            },
        };
        var shutdown = With(OtherSystem(setup), out _);
        var never = new TaskCompletionSource<Done>();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "never ends", () => never.Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "never ends", () =>
        {
            _ran.Enqueue("service-stop");
            return never.Task;
        });
        Assert.Equal(TimeSpan.FromSeconds(7), shutdown.Timeout(CoordinatedShutdown.PhaseServiceUnbind));
        Assert.Equal(TimeSpan.FromSeconds(7 + 3 + 10), shutdown.TotalTimeout);
        var run = shutdown.Run(Reason);
        Scheduler.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Empty(_ran);
        Scheduler.Advance(TimeSpan.FromSeconds(0.1));
        AwaitCondition(() => !_ran.IsEmpty && Scheduler.PendingCount > 0);
        Assert.False(run.IsCompleted);
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        await run.WaitAsync(Limit);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Phase_that_does_not_recover_ends_the_shutdown(bool byTime)
    {
        var setup = new CoordinatedShutdownSetup
        {
            RunByActorSystemTerminate = false,
            Phases = new Dictionary<string, Phase> { ["service-stop"] = new() { Recover = false, Timeout = TimeSpan.FromSeconds(1) } },
        };
        var shutdown = With(OtherSystem(setup), out var system);
        var never = new TaskCompletionSource<Done>();
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () => byTime ? never.Task : throw new InvalidOperationException("broken"));
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "note", Note("next"));
        var run = shutdown.Run(Reason, CoordinatedShutdown.PhaseServiceStop);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<Exception>(() => run.WaitAsync(Limit));
        Assert.Equal(byTime ? typeof(TimeoutException) : typeof(InvalidOperationException), run.Exception!.InnerException!.GetType());
        Assert.Empty(_ran);
        await system.Terminate().WaitAsync(Limit);
    }

    [Fact]
    public async Task Run_may_begin_at_a_later_phase()
    {
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("service-stop"));
        Coordinated.AddTask(CoordinatedShutdown.PhaseClusterLeave, "note", Note("cluster-leave"));
        Coordinated.AddTask(CoordinatedShutdown.PhaseClusterExiting, "note", Note("cluster-exiting"));
        await Coordinated.Run(Reason, CoordinatedShutdown.PhaseClusterLeave).WaitAsync(Limit);
        Assert.Equal(["cluster-leave", "cluster-exiting"], _ran);
    }

    [Fact]
    public async Task Task_may_add_one_to_a_later_phase()
    {
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceUnbind, "adds", () =>
        {
            Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "note", Note("added"));
            return Task.FromResult(Done.Instance);
        });
        await Coordinated.Run(Reason).WaitAsync(Limit);
        Assert.Equal(["added"], _ran);
    }

    [Fact]
    public async Task Termination_task_asks_an_actor_to_stop_and_waits_for_it()
    {
        var probe = CreateTestProbe();
        var actor = ActorOf(Recorder.Props(probe.Ref));
        probe.ExpectMsg("PreStart");
        var gone = ActorOf(Recorder.Props(ActorRefs.Nobody));
        Sys.Stop(gone);
        Coordinated.AddActorTerminationTask(CoordinatedShutdown.PhaseServiceStop, "stops", actor, new Recorder.StopYourself());
        Coordinated.AddActorTerminationTask(CoordinatedShutdown.PhaseServiceStop, "has stopped", gone);
        Coordinated.AddTask(CoordinatedShutdown.PhaseBeforeClusterShutdown, "looks", () =>
        {
            probe.ExpectMsg("PostStop");
            return Note("after the actor")();
        });
        await Coordinated.Run(Reason).WaitAsync(Limit);
        Assert.Equal(["after the actor"], _ran);
    }

    [Fact]
    public async Task Task_goes_on_after_the_actor_that_began_the_shutdown_has_stopped()
    {
        var actor = ActorOf(Props.Create(() => new Ending()));
        Coordinated.AddTask(CoordinatedShutdown.PhaseServiceStop, "stops it", async () =>
        {
            await actor.GracefulStop(Timeout.InfiniteTimeSpan); // would come back into the actor's context
            return await Note("went on")();
        });
        actor.Tell("end");
        await Sys.WhenTerminated.WaitAsync(Limit);
        Assert.Equal(["went on"], _ran);
    }

    private sealed class Ending : ReceiveActor
    {
        public Ending() => ReceiveAsync<string>(text =>
        {
            CoordinatedShutdown.Get(Context.System).Run(Reason);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Phases_of_ones_own_come_where_they_depend()
    {
        var phases = new CoordinatedShutdownSetup
        {
            Phases = new Dictionary<string, Phase>
            {
                ["drain"] = new() { DependsOn = ["service-unbind", "undefined"] },
                ["service-stop"] = new() { DependsOn = ["service-requests-done", "drain"] },
            },
        };
        var order = PhaseOrder.Sort(PhaseOrder.PhasesOf(phases)).ToList();
        Assert.Equal(AkkasPhases, order.Where(AkkasPhases.Contains));
        Assert.True(order.IndexOf("drain") > order.IndexOf("service-unbind"));
        Assert.True(order.IndexOf("drain") > order.IndexOf("undefined"));
        Assert.True(order.IndexOf("drain") < order.IndexOf("service-stop"));
    }

    [Fact]
    public void Phases_in_a_circle_are_refused()
    {
        var setup = new CoordinatedShutdownSetup
        {
            Phases = new Dictionary<string, Phase>
            {
                ["a"] = new() { DependsOn = ["b"] },
                ["b"] = new() { DependsOn = ["a"] },
            },
        };
        Assert.Throws<ConfigurationException>(() => OtherSystem(setup));
    }

    [Fact]
    public void Unknown_phases_are_refused()
    {
        Assert.Throws<ConfigurationException>(() => Coordinated.AddTask("unknown", "task", Note("never")));
        Assert.Throws<ConfigurationException>(RunsFromUnknown);
        Assert.Throws<ArgumentException>(() => Coordinated.Timeout("unknown"));
        Assert.Null(Coordinated.ShutdownReason);

        void RunsFromUnknown() => Coordinated.Run(Reason, "unknown");
    }
}
