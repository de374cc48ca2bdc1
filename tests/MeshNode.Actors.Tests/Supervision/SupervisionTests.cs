namespace MeshNode.Actors.Tests;

public sealed class SupervisionTests : TestKit.TestKit
{
    private sealed class Failure(string message) : Exception(message);

    private (IActorRef Parent, IActorRef Child, TestKit.TestProbe ParentProbe, TestKit.TestProbe ChildProbe) Family(SupervisorStrategy strategy)
    {
        var parentProbe = CreateTestProbe();
        var childProbe = CreateTestProbe();
        var parent = ActorOf(Recorder.Props(parentProbe.Ref, strategy));
        parentProbe.ExpectMsg("PreStart");
        var child = Child(parent, childProbe, "child");
        return (parent, child, parentProbe, childProbe);
    }

    private IActorRef Child(IActorRef parent, TestKit.TestProbe probe, string name)
    {
        parent.Tell(new Recorder.Spawn(Recorder.Props(probe.Ref), name));
        var child = ExpectMsg<IActorRef>();
        probe.ExpectMsg("PreStart");
        return child;
    }

    [Fact]
    public void Resume_keeps_the_state()
    {
        var (_, child, _, probe) = Family(new OneForOneStrategy(_ => Directive.Resume));
        child.Tell("count");
        ExpectMsg(1);
        child.Tell(new Recorder.Fail(new Failure("broken")));
        child.Tell("count");
        ExpectMsg(2);
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Stop_stops_the_child_and_its_messages_become_dead_letters()
    {
        var (_, child, _, probe) = Family(new OneForOneStrategy(_ => Directive.Stop));
        Watch(child);
        child.Tell(new Recorder.Fail(new Failure("broken")));
        ExpectTerminated(child);
        probe.ExpectMsg("PostStop");
        EventFilter.DeadLetter<string>(text => text == "late").ExpectOne(() => child.Tell("late"));
    }

    [Fact]
    public void Escalate_restarts_the_parent_which_stops_the_child()
    {
        var (_, child, parentProbe, childProbe) = Family(new OneForOneStrategy(_ => Directive.Escalate));
        Watch(child);
        child.Tell(new Recorder.Fail(new Failure("broken")));
        parentProbe.ExpectMsg("PreRestart broken");
        parentProbe.ExpectMsg("PostStop");
        parentProbe.ExpectMsg("PostRestart broken");
        parentProbe.ExpectMsg("PreStart");
        ExpectTerminated(child);
        childProbe.ExpectMsg("PostStop");
    }

    [Fact]
    public void Escalated_failure_that_is_resumed_resumes_all_below()
    {
        var top = ActorOf(Recorder.Props(CreateTestProbe().Ref, new OneForOneStrategy(_ => Directive.Resume)));
        var middleProbe = CreateTestProbe();
        top.Tell(new Recorder.Spawn(Recorder.Props(middleProbe.Ref, new OneForOneStrategy(_ => Directive.Escalate)), "middle"));
        var middle = ExpectMsg<IActorRef>();
        var child = Child(middle, CreateTestProbe(), "child");
        var sibling = Child(middle, CreateTestProbe(), "sibling");
        child.Tell("count");
        ExpectMsg(1);

        child.Tell(new Recorder.Fail(new Failure("broken")));

        child.Tell("count");
        ExpectMsg(2);
        sibling.Tell("count");
        ExpectMsg(1);
        middle.Tell("count");
        ExpectMsg(1);
    }

    [Fact]
    public void OneForOne_leaves_the_siblings_alone()
    {
        var (parent, child, _, childProbe) = Family(new OneForOneStrategy(_ => Directive.Restart));
        var siblingProbe = CreateTestProbe();
        Child(parent, siblingProbe, "sibling");
        child.Tell(new Recorder.Fail(new Failure("broken")));
        childProbe.ExpectMsg("PreRestart broken");
        Settle();
        siblingProbe.ExpectNoMsg();
    }

    [Fact]
    public void AllForOne_restarts_the_siblings()
    {
        var (parent, child, _, childProbe) = Family(new AllForOneStrategy(_ => Directive.Restart));
        var siblingProbe = CreateTestProbe();
        var sibling = Child(parent, siblingProbe, "sibling");
        child.Tell(new Recorder.Fail(new Failure("broken")));
        foreach (var probe in new[] { childProbe, siblingProbe })
        {
            probe.ExpectMsg("PreRestart broken");
            probe.ExpectMsg("PostStop");
            probe.ExpectMsg("PostRestart broken");
            probe.ExpectMsg("PreStart");
        }

        sibling.Tell("count");
        ExpectMsg(1);
    }

    [Fact]
    public void Restarts_beyond_the_limit_within_the_window_stop_the_child()
    {
        var (_, child, _, _) = Family(new OneForOneStrategy(2, TimeSpan.FromSeconds(10), _ => Directive.Restart));
        Watch(child);
        child.Tell(new Recorder.Fail(new Failure("1")));
        child.Tell(new Recorder.Fail(new Failure("2")));
        ExpectNoMsg(TimeSpan.FromSeconds(11));
        child.Tell(new Recorder.Fail(new Failure("3"))); // a new window
        child.Tell(new Recorder.Fail(new Failure("4")));
        ExpectNoMsg();
        child.Tell(new Recorder.Fail(new Failure("5")));
        ExpectTerminated(child);
    }

    [Fact]
    public void Failing_actor_handles_no_message_before_the_decision()
    {
        // The supervisor is busy: until it decides, the failed child must not go on.
        using var release = new ManualResetEventSlim();
        var probe = CreateTestProbe();
        var parent = ActorOf(Props.Create(() => new BusyParent(release, probe.Ref)));
        parent.Tell("spawn");
        var child = ExpectMsg<IActorRef>();
        probe.ExpectMsg("PreStart");
        parent.Tell("block");
        ExpectMsg("blocking");
        child.Tell(new Recorder.Fail(new Failure("broken")));
        child.Tell("after");
        child.Tell(new Identify(1));
        Assert.Null(probe.ReceiveOne(TimeSpan.FromMilliseconds(50)));
        release.Set();
        probe.ExpectMsg("PreRestart broken");
        probe.ExpectMsg("PostStop");
        probe.ExpectMsg("PostRestart broken");
        probe.ExpectMsg("PreStart");
        probe.ExpectMsg("after");
    }

    private sealed class BusyParent : ReceiveActor
    {
        public BusyParent(ManualResetEventSlim release, IActorRef probe)
        {
            Receive<string>(text => text == "spawn", _ => Sender.Tell(Context.ActorOf(Recorder.Props(probe))));
            Receive<string>(text => text == "block", _ =>
            {
                Sender.Tell("blocking");
                release.Wait(TimeSpan.FromSeconds(30));
            });
        }
    }

    [Fact]
    public void Props_strategy_goes_before_the_actors_own()
    {
        var parent = ActorOf(Recorder.Props(CreateTestProbe().Ref).WithSupervisorStrategy(SupervisorStrategy.StoppingStrategy));
        var child = Watch(Child(parent, CreateTestProbe(), "child"));
        child.Tell(new Recorder.Fail(new Failure("broken")));
        ExpectTerminated(child);
    }

    [Fact]
    public void Kill_stops_by_default_supervision_and_PoisonPill_when_its_turn_comes()
    {
        var killed = Watch(ActorOf(Recorder.Props(CreateTestProbe().Ref)));
        EventFilter.Exception<ActorKilledException>().ExpectOne(() => killed.Tell(Kill.Instance));
        ExpectTerminated(killed);

        var probe = CreateTestProbe();
        var poisoned = Watch(ActorOf(Recorder.Props(probe.Ref)));
        poisoned.Tell("before");
        poisoned.Tell(PoisonPill.Instance);
        poisoned.Tell("after");
        probe.ExpectMsg("PreStart");
        probe.ExpectMsg("before");
        probe.ExpectMsg("PostStop");
        ExpectTerminated(poisoned);
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Decider_by_type_takes_the_first_that_fits()
    {
        var decider = Decider.From(
            Directive.Escalate, Directive.Stop.When<ArgumentNullException>(), Directive.Resume.When<ArgumentException>(), Directive.Restart.When<Failure>());
        Assert.Equal(Directive.Stop, decider.Decide(new ArgumentNullException()));
        Assert.Equal(Directive.Resume, decider.Decide(new ArgumentOutOfRangeException()));
        Assert.Equal(Directive.Restart, decider.Decide(new Failure("broken")));
        Assert.Equal(Directive.Escalate, decider.Decide(new InvalidOperationException()));
        var strategy = new OneForOneStrategy(3, 500, decider);
        Assert.Equal((3, 500), (strategy.MaxNumberOfRetries, strategy.WithinTimeRangeMilliseconds));
        Assert.Equal(-1, new AllForOneStrategy(-1, -1, decider).WithinTimeRangeMilliseconds);
    }

    [Fact]
    public void AllForOne_beyond_its_limit_stops_all()
    {
        var (parent, child, _, _) = Family(new AllForOneStrategy(1, TimeSpan.FromSeconds(10), _ => Directive.Restart));
        var sibling = Child(parent, CreateTestProbe(), "sibling");
        Watch(child);
        Watch(sibling);
        child.Tell(new Recorder.Fail(new Failure("1")));
        ExpectNoMsg();
        child.Tell(new Recorder.Fail(new Failure("2")));
        Assert.Equal(new[] { child, sibling }.ToHashSet(), ReceiveN(2).Select(message => ((Terminated)message).ActorRef).ToHashSet());
    }

    [Fact]
    public void System_messages_overtake_user_messages()
    {
        using var release = new ManualResetEventSlim();
        var probe = CreateTestProbe();
        var actor = Watch(ActorOf(Props.Create(() => new Blocked(release, probe.Ref))));
        actor.Tell("block");
        probe.ExpectMsg("blocking");
        actor.Tell("queued first");
        Sys.Stop(actor);
        EventFilter.DeadLetter<string>(text => text == "queued first").ExpectOne(release.Set);
        ExpectTerminated(actor);
        probe.ExpectNoMsg();
    }

    private sealed class Blocked : ReceiveActor
    {
        public Blocked(ManualResetEventSlim release, IActorRef probe)
        {
            Receive<string>(text => text == "block", _ =>
            {
                probe.Tell("blocking");
                release.Wait(TimeSpan.FromSeconds(30));
            });
            Receive<string>(text => probe.Tell(text));
        }
    }

    [Fact]
    public void Failures_are_logged_with_their_cause_and_resumed_ones_as_warnings()
    {
        var (_, child, _, _) = Family(new OneForOneStrategy(_ => Directive.Resume));
        EventFilter.Warning(contains: "broken").ExpectOne(() => child.Tell(new Recorder.Fail(new Failure("broken"))));
        var (_, silent, _, _) = Family(new OneForOneStrategy(_ => Directive.Restart, loggingEnabled: false));
        EventFilter.Exception<Failure>().Expect(0, () => silent.Tell(new Recorder.Fail(new Failure("broken"))));
    }
}
