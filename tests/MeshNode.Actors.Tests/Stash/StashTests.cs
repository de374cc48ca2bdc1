namespace MeshNode.Actors.Tests;

public sealed class StashTests : TestKit.TestKit
{
    private sealed class Stashing : ReceiveActor, IWithUnboundedStash
    {
        private readonly IActorRef _probe;

        public Stashing(IActorRef probe)
        {
            _probe = probe;
            Receive<string>(text => text == "open", _ =>
            {
                Become(Opened);
                Stash.UnstashAll();
            });
            Receive<string>(text => text == "one", _ => BecomeStacked(() =>
            {
                Receive<int>(number =>
                {
                    probe.Tell(number);
                    UnbecomeStacked();
                });
                Receive<string>(_ => Stash.Unstash());
            }));
            Receive<string>(text => text == "twice", _ =>
            {
                Stash.Stash();
                Stash.Stash();
            });
            Receive<Exception>(e => throw e);
            Receive<int>(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;

        private void Opened() => Receive<int>(number => _probe.Tell(number));
    }

    private IActorRef Actor() => ActorOf(Props.Create(() => new Stashing(TestActor)));

    [Fact]
    public void Unstashed_messages_come_in_their_order_and_before_later_ones()
    {
        var actor = Actor();
        for (var number = 0; number < 10; number++)
        {
            actor.Tell(number);
        }

        actor.Tell("open");
        actor.Tell(10);
        Assert.Equal(Enumerable.Range(0, 11).Cast<object>(), ReceiveN(11));
    }

    [Fact]
    public void Restart_gives_stashed_messages_back()
    {
        var actor = Actor();
        actor.Tell(1);
        actor.Tell(2);
        Settle();
        actor.Tell(new InvalidOperationException("broken")); // the fresh incarnation stashes them again
        actor.Tell("open");
        Assert.Equal([1, 2], ReceiveN(2));
    }

    [Fact]
    public void Unstash_gives_back_the_oldest_only()
    {
        var actor = Actor();
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell("one");
        actor.Tell("now");
        ExpectMsg(1);
        ExpectNoMsg();
    }

    [Fact]
    public void Stashing_one_message_twice_is_refused()
    {
        // Stopped and not restarted: a restart would give the stashed message back, to be stashed twice again.
        var parent = ActorOf(Recorder.Props(CreateTestProbe().Ref, SupervisorStrategy.StoppingStrategy));
        parent.Tell(new Recorder.Spawn(Props.Create(() => new Stashing(TestActor)), "stashing"));
        var actor = ExpectMsg<IActorRef>();
        EventFilter.Exception<IllegalActorStateException>().ExpectOne(() => actor.Tell("twice"));
    }

    [Fact]
    public void One_object_sent_twice_is_two_messages()
    {
        var actor = Actor();
        object shared = 7;
        actor.Tell(shared);
        actor.Tell(shared);
        actor.Tell("open");
        Assert.Equal([7, 7], ReceiveN(2));
    }

    [Fact]
    public void Stashed_messages_of_a_stopped_actor_become_dead_letters()
    {
        var actor = Actor();
        actor.Tell(1);
        actor.Tell(2);
        Settle();
        EventFilter.DeadLetter<int>().Expect(2, () => Sys.Stop(actor));
    }

    [Fact]
    public void Stashed_Terminated_is_delivered_after_all()
    {
        var subject = ActorOf(Recorder.Props(ActorRefs.Nobody));
        var actor = ActorOf(Props.Create(() => new StashesTerminated(subject, TestActor)));
        Settle();
        Sys.Stop(subject);
        ExpectMsg("stashed");
        actor.Tell("open");
        Assert.Equal(subject, ExpectMsg<Recorder.Heard>().Subject);
    }

    private sealed class StashesTerminated : ReceiveActor, IWithStash
    {
        public StashesTerminated(IActorRef subject, IActorRef probe)
        {
            Context.Watch(subject);
            Receive<Terminated>(_ =>
            {
                Stash.Stash();
                probe.Tell("stashed");
            });
            Receive<string>(_ =>
            {
                Become(() => Receive<Terminated>(terminated => probe.Tell(new Recorder.Heard(terminated.ActorRef))));
                Stash.UnstashAll();
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    private abstract class Hoarder : ReceiveActor
    {
        protected Hoarder(IActorRef probe)
        {
            Receive<int>(_ =>
            {
                try
                {
                    Mine.Stash();
                }
                catch (StashOverflowException)
                {
                    probe.Tell("full");
                }
            });
            Receive<string>(_ => probe.Tell((Mine.Capacity, Mine.Count, Mine.IsEmpty, Mine.IsFull, Mine.NonEmpty)));
        }

        protected abstract IStash Mine { get; }
    }

    private sealed class BoundedHoarder(IActorRef probe) : Hoarder(probe), IWithBoundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override IStash Mine => Stash;
    }

    private sealed class AnyHoarder(IActorRef probe) : Hoarder(probe), IWithStash
    {
        public IStash Stash { get; set; } = null!;

        protected override IStash Mine => Stash;
    }

    private sealed class UnboundedHoarder(IActorRef probe) : Hoarder(probe), IWithUnboundedStash
    {
        public IStash Stash { get; set; } = null!;

        protected override IStash Mine => Stash;
    }

    private void Fill(Props props, int messages, int capacity, int overflow)
    {
        var actor = ActorOf(props);
        actor.Tell("look");
        ExpectMsg((capacity, 0, true, false, false));
        for (var number = 0; number < messages; number++)
        {
            actor.Tell(number);
        }

        actor.Tell("look");
        Assert.All(ReceiveN(overflow), message => Assert.Equal("full", message));
        ExpectMsg((capacity, messages - overflow, false, overflow > 0, true));
    }

    [Fact]
    public void Stash_takes_as_many_messages_as_its_props_say()
    {
        Fill(Props.Create(() => new AnyHoarder(TestActor)).WithStashCapacity(3), 5, 3, 2);
        Fill(Props.Create(() => new BoundedHoarder(TestActor)).WithStashCapacity(3), 4, 3, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => Props.Empty.WithStashCapacity(0));
    }

    [Fact]
    public void Bounded_stash_has_a_limit_even_if_nobody_set_one() =>
        Fill(Props.Create(() => new BoundedHoarder(TestActor)), 1001, 1000, 1);

    [Fact]
    public void Other_stashes_have_none()
    {
        Fill(Props.Create(() => new AnyHoarder(TestActor)), 1001, -1, 0);
        Fill(Props.Create(() => new UnboundedHoarder(TestActor)).WithStashCapacity(3), 5, -1, 0);
    }

    [Fact]
    public async Task System_sets_the_limit_of_stashes_whose_props_do_not()
    {
        await using var system = ActorSystem.Create("other", ActorSystemSetup.Empty with { StashCapacity = 2 });
        var actor = system.ActorOf(Props.Create(() => new AnyHoarder(TestActor)));
        actor.Tell("look", ActorRefs.NoSender);
        ExpectMsg((2, 0, true, false, false));
    }

    [Fact]
    public void Overflow_that_is_not_caught_is_a_failure_and_the_stashed_messages_stay()
    {
        var capped = ActorOf(Props.Create(() => new Capped(TestActor)).WithStashCapacity(2));
        capped.Tell(1);
        capped.Tell(2);
        EventFilter.Exception<StashOverflowException>().ExpectOne(() => capped.Tell(3));
        capped.Tell("open");
        Assert.Equal([1, 2], ReceiveN(2));
        ExpectNoMsg();
    }

    private sealed class Capped : ReceiveActor, IWithStash
    {
        public Capped(IActorRef probe)
        {
            Receive<string>(_ =>
            {
                Become(() => Receive<int>(number => probe.Tell(number)));
                Stash.UnstashAll();
            });
            Receive<int>(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }
}
