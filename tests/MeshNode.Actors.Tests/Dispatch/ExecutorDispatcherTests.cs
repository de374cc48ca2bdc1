using System.Collections.Concurrent;

namespace MeshNode.Actors.Tests;

public sealed class ExecutorDispatcherTests : TestKit.TestKit
{
    private readonly BlockingCollection<Action> _loop = [];
    private readonly Thread _thread;
    private int _handedOver;

    public ExecutorDispatcherTests()
    {
        _thread = new Thread(() =>
        {
            foreach (var action in _loop.GetConsumingEnumerable())
            {
                action();
            }
        });
        _thread.Start();
        Sys.Dispatchers.RegisterConfigurator("loop", new SharedDispatcherConfigurator(new ExecutorDispatcher("loop", action =>
        {
            Interlocked.Increment(ref _handedOver);
            _loop.Add(action);
        })));
    }

    protected override void Shutdown()
    {
        base.Shutdown();
        _loop.CompleteAdding();
        _thread.Join();
        _loop.Dispose();
    }

    [Fact]
    public void Actor_and_its_timers_run_on_the_loops_thread()
    {
        var actor = ActorOf(Props.Create(() => new ReportsThread(TestActor)).WithDispatcher("loop"));
        ExpectMsg(_thread.ManagedThreadId, hint: "constructor");
        ExpectMsg(_thread.ManagedThreadId, hint: "PreStart");
        actor.Tell("message");
        ExpectMsg(_thread.ManagedThreadId, hint: "message");
        AwaitCondition(() => Scheduler.PendingCount == 1);
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg(_thread.ManagedThreadId, hint: "timer");
        actor.Tell(new InvalidOperationException("broken"));
        ExpectMsg(_thread.ManagedThreadId, hint: "PostStop");
        ExpectMsg(_thread.ManagedThreadId, hint: "constructor");
        ExpectMsg(_thread.ManagedThreadId, hint: "PreStart");
        actor.Tell(Task.Run(() => { }));
        ExpectMsg(_thread.ManagedThreadId, hint: "after await");
        actor.Tell(PoisonPill.Instance);
        ExpectMsg(_thread.ManagedThreadId, hint: "PostStop");
    }

    private sealed class ReportsThread : ReceiveActor, IWithTimers
    {
        private readonly IActorRef _probe;

        public ReportsThread(IActorRef probe)
        {
            _probe = probe;
            Report();
            Receive<string>(text =>
            {
                Report();
                if (text == "message")
                {
                    Timers.StartSingleTimer("key", "timer", TimeSpan.FromSeconds(1));
                }
            });
            Receive<Exception>(e => throw e);
            ReceiveAsync<Task>(async task =>
            {
                await task;
                Report();
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Report();

        protected override void PostStop() => Report();

        private void Report() => _probe.Tell(Environment.CurrentManagedThreadId);
    }

    [Fact]
    public void One_hand_over_serves_all_that_became_ready()
    {
        var actors = Enumerable.Range(0, 100).Select(_ => ActorOf(Props.Create(() => new Echo()).WithDispatcher("loop"))).ToArray();
        using var release = new ManualResetEventSlim();
        using var blocked = new ManualResetEventSlim();
        _loop.Add(() =>
        {
            blocked.Set();
            release.Wait(TimeSpan.FromSeconds(30));
        });
        Assert.True(blocked.Wait(TimeSpan.FromSeconds(30)));
        var before = _handedOver;
        foreach (var actor in actors)
        {
            actor.Tell("hello");
        }

        Assert.InRange(_handedOver - before, 0, 1);
        release.Set();
        ReceiveN(100);
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => Receive<string>(text => Sender.Tell(text));
    }

    [Fact]
    public void Unknown_dispatcher_is_refused() =>
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Echo()).WithDispatcher("unknown")));

    [Fact]
    public void Dispatcher_that_refuses_work_is_reported_and_loses_nothing_else()
    {
        var refuses = true;
        Sys.Dispatchers.RegisterConfigurator("fragile", new SharedDispatcherConfigurator(new ExecutorDispatcher("fragile", action =>
        {
            if (refuses)
            {
                throw new InvalidOperationException("stopped");
            }

            _loop.Add(action);
        })));
        var actor = EventFilter.Error(contains: "refused").ExpectOne(() => ActorOf(Props.Create(() => new Echo()).WithDispatcher("fragile")));
        refuses = false;
        actor.Tell("hello");
        ExpectMsg("hello");
    }
}
