namespace MeshNode.Actors.Tests;

public sealed class TimerTests : TestKit.TestKit
{
    private sealed class Timed : ReceiveActor, IWithTimers
    {
        internal sealed record Start(object Key, object Message, TimeSpan Delay, TimeSpan? Interval = null);

        internal sealed record Cancel(object Key);

        public Timed(IActorRef probe)
        {
            Receive<Start>(start =>
            {
                if (start.Interval is { } interval)
                {
                    Timers.StartPeriodicTimer(start.Key, start.Message, start.Delay, interval);
                }
                else
                {
                    Timers.StartSingleTimer(start.Key, start.Message, start.Delay);
                }
            });
            Receive<Cancel>(cancel => Timers.Cancel(cancel.Key));
            Receive<object>(key => key is "active", _ => Sender.Tell(Timers.IsTimerActive("key")));
            Receive<Exception>(e => throw e);
            Receive<ManualResetEventSlim>(release =>
            {
                probe.Tell("blocking");
                release.Wait(TimeSpan.FromSeconds(30));
            });
            ReceiveAny(message => probe.Tell(message));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    private IActorRef Actor() => ActorOf(Props.Create(() => new Timed(TestActor)));

    [Fact]
    public void Single_timer_comes_once_at_its_time()
    {
        var actor = Actor();
        actor.Tell(new Timed.Start("key", "due", TimeSpan.FromSeconds(2)));
        ExpectNoMsg(TimeSpan.FromSeconds(1.9));
        Scheduler.Advance(TimeSpan.FromSeconds(0.1));
        ExpectMsg("due");
        ExpectNoMsg(TimeSpan.FromSeconds(10));
        actor.Tell("active");
        ExpectMsg(false);
    }

    [Fact]
    public void Periodic_timer_comes_every_interval_until_cancelled()
    {
        var actor = Actor();
        actor.Tell(new Timed.Start("key", "tick", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)));
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["tick", "tick", "tick"], ReceiveN(3));
        actor.Tell(new Timed.Cancel("key"));
        ExpectNoMsg(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Starting_a_key_again_replaces_its_timer()
    {
        var actor = Actor();
        actor.Tell(new Timed.Start("key", "first", TimeSpan.FromSeconds(1)));
        actor.Tell(new Timed.Start("key", "second", TimeSpan.FromSeconds(3)));
        ExpectNoMsg(TimeSpan.FromSeconds(2));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("second");
        ExpectNoMsg(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Timer_cancelled_while_its_message_waits_in_the_mailbox_does_not_deliver()
    {
        using var release = new ManualResetEventSlim();
        using var scheduler = new ManualResetEventSlim();
        var actor = Actor();
        actor.Tell(new Timed.Start("key", "due", TimeSpan.FromSeconds(1)));
        Settle();
        actor.Tell(release);
        ExpectMsg("blocking");
        actor.Tell(new Timed.Cancel("key"));
        ((SchedulerBase)Scheduler).RunDue(TimeSpan.FromSeconds(1)); // queued behind Cancel
        release.Set();
        ExpectNoMsg();
    }

    [Fact]
    public void Timer_of_an_old_incarnation_never_delivers()
    {
        using var release = new ManualResetEventSlim();
        var actor = Actor();
        actor.Tell(new Timed.Start("pending", "never 1", TimeSpan.FromSeconds(5)));
        actor.Tell(new Timed.Start("queued", "never 2", TimeSpan.FromSeconds(1)));
        Settle();
        actor.Tell(release);
        ExpectMsg("blocking");
        actor.Tell(new InvalidOperationException("broken"));
        ((SchedulerBase)Scheduler).RunDue(TimeSpan.FromSeconds(1)); // in the mailbox behind the failure
        release.Set();
        Settle();
        actor.Tell(new Timed.Start("queued", "of the new one", TimeSpan.FromSeconds(2)));
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(10));
        ExpectMsg("of the new one");
        ExpectNoMsg();
    }

    [Fact]
    public void Stopped_actor_leaves_nothing_in_the_scheduler()
    {
        var actor = Watch(Actor());
        actor.Tell(new Timed.Start(1, "never", TimeSpan.FromSeconds(5)));
        actor.Tell(new Timed.Start(2, "never", TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)));
        Settle();
        Assert.Equal(2, Scheduler.PendingCount);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Assert.Equal(0, Scheduler.PendingCount);
    }

    [Fact]
    public void Receive_timeout_comes_after_silence_and_again_until_taken_away()
    {
        var actor = ActorOf(Props.Create(() => new Impatient(TestActor)));
        actor.Tell(TimeSpan.FromSeconds(2));
        ExpectNoMsg(TimeSpan.FromSeconds(1.5));
        actor.Tell("something");
        ExpectMsg("something");
        ExpectNoMsg(TimeSpan.FromSeconds(1.5));
        Scheduler.Advance(TimeSpan.FromSeconds(0.5));
        ExpectMsg<ReceiveTimeout>();
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectMsg<ReceiveTimeout>();
        actor.Tell("off");
        ExpectMsg("off");
        ExpectNoMsg(TimeSpan.FromSeconds(10));
    }

    private sealed class Impatient : ReceiveActor
    {
        public Impatient(IActorRef probe)
        {
            Receive<TimeSpan>(timeout => Context.SetReceiveTimeout(timeout));
            ReceiveAny(message =>
            {
                if (message is "off")
                {
                    Context.SetReceiveTimeout(null);
                }

                probe.Tell(message);
            });
        }
    }

    private sealed class SentTimers : ReceiveActor, IWithTimers
    {
        public SentTimers(IActorRef probe)
        {
            Receive<string>(text => text == "start", _ =>
            {
                Timers.StartSingleTimer(1, "single", TimeSpan.FromSeconds(1), Sender);
                Timers.StartPeriodicTimer(2, "periodic", TimeSpan.FromSeconds(2), Sender);
                Timers.StartPeriodicTimer(3, "delayed", TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(60), Sender);
                Timers.StartSingleTimer(4, "own", TimeSpan.FromSeconds(4));
                Sender.Tell(Timers.ActiveTimers.Count);
            });
            Receive<string>(text => probe.Tell(text, Sender));
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }

    [Fact]
    public void Timer_may_have_another_sender_than_the_actor_itself()
    {
        var actor = ActorOf(Props.Create(() => new SentTimers(TestActor)));
        var sender = CreateTestProbe();
        sender.Send(actor, "start");
        sender.ExpectMsg(4);
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        foreach (var (message, from) in new[] { ("single", sender.Ref), ("periodic", sender.Ref), ("delayed", sender.Ref) })
        {
            ExpectMsgFrom(from, message);
        }

        var last = ReceiveN(2).Order().ToList();
        Assert.Equal(["own", "periodic"], last);
    }

    private sealed record Quiet : INotInfluenceReceiveTimeout;

    [Fact]
    public void Message_that_does_not_influence_the_receive_timeout_does_not_put_it_off()
    {
        var actor = ActorOf(Props.Create(() => new Impatient(TestActor)));
        actor.Tell(TimeSpan.FromSeconds(2));
        ExpectNoMsg(TimeSpan.FromSeconds(1.5));
        actor.Tell(new Quiet());
        ExpectMsg<Quiet>();
        Scheduler.Advance(TimeSpan.FromSeconds(0.5));
        ExpectMsg<ReceiveTimeout>();
    }
}
