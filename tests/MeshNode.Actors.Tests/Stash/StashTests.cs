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
}
