namespace AkkaSamples;

/// <summary>Watching others end, and ending them: stop, poison, kill, gracefully.</summary>
public sealed class EndSamples : TestKit
{
    public class Worker : ReceiveActor
    {
        public Worker() => Receive<string>(text => Sender.Tell(text));
    }

    public class WatchActor : ReceiveActor
    {
        private readonly IActorRef _child = Context.ActorOf(Props.Create<Worker>(), "victim");
        private IActorRef _lastSender = Context.System.DeadLetters;

        public WatchActor()
        {
            Context.Watch(_child);
            Receive<string>(text => text == "kill", _ =>
            {
                Context.Stop(_child);
                _lastSender = Sender;
            });
            Receive<Terminated>(terminated => terminated.ActorRef.Equals(_child), _ => _lastSender.Tell("finished"));
        }
    }

    public class Manager : ReceiveActor
    {
        private readonly IActorRef _worker = Context.Watch(Context.ActorOf(Props.Create<Worker>(), "worker"));

        public Manager()
        {
            Receive<string>(text => text == "job", _ => _worker.Tell("crunch"));
            Receive<string>(text => text == "shutdown", _ =>
            {
                _worker.Tell(PoisonPill.Instance);
                Become(ShuttingDown);
            });
        }

        private void ShuttingDown()
        {
            Receive<string>(_ => Sender.Tell("service unavailable, shutting down"));
            Receive<Terminated>(_ => Context.Stop(Self));
        }
    }

    [Fact]
    public void Watcher_hears_of_the_end()
    {
        var watcher = Sys.ActorOf<WatchActor>();
        watcher.Tell("kill");
        ExpectMsg("finished");
    }

    [Fact]
    public void Watcher_can_choose_what_it_hears()
    {
        var worker = Sys.ActorOf<Worker>();
        var watcher = ActorOfAsTestActorRef(() => new Notified(worker, TestActor));
        Sys.Stop(worker);
        ExpectMsg("the worker is gone");
        Assert.Equal(1, watcher.UnderlyingActor.Count);
    }

    public class Notified : ReceiveActor
    {
        public Notified(IActorRef worker, IActorRef listener)
        {
            Context.WatchWith(worker, "the worker is gone");
            Receive<string>(text =>
            {
                Count++;
                listener.Tell(text);
            });
        }

        public int Count { get; private set; }
    }

    [Fact]
    public void Poison_pill_comes_in_its_turn_and_Stop_at_once()
    {
        var worker = Watch(Sys.ActorOf<Worker>());
        worker.Tell("before");
        worker.Tell(PoisonPill.Instance);
        EventFilter.DeadLetter<string>().ExpectOne(() => worker.Tell("after"));
        ExpectMsg("before");
        ExpectTerminated(worker);
    }

    [Fact]
    public void Kill_fails_the_actor()
    {
        var worker = Watch(Sys.ActorOf<Worker>());
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => worker.Tell(Kill.Instance));
        ExpectTerminated(worker);
    }

    [Fact]
    public async Task Graceful_stop_waits_for_the_end()
    {
        var manager = Sys.ActorOf<Manager>();
        Assert.True(await manager.GracefulStop(TimeSpan.FromSeconds(15), "shutdown"));
        EventFilter.DeadLetter<string>().ExpectOne(() => manager.Tell("job"));
    }

    [Fact]
    public async Task Graceful_stop_that_takes_too_long_is_cancelled()
    {
        var worker = Sys.ActorOf<Worker>();
        var stopped = worker.GracefulStop(TimeSpan.FromSeconds(5), "please");
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }
}
