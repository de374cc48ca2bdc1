namespace MeshNode.Actors.Tests;

public sealed class LifecycleTests : TestKit.TestKit
{
    private sealed class FailsToStart : UntypedActor
    {
        protected override void PreStart() => throw new InvalidOperationException("no start");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class KeepsChildren : UntypedActor
    {
        private readonly IActorRef _probe;

        public KeepsChildren(IActorRef probe, IActorRef childProbe)
        {
            _probe = probe;
            if (Context.Child("child").IsNobody())
            {
                Context.ActorOf(Recorder.Props(childProbe), "child");
            }
        }

        protected override void PreRestart(Exception reason, object message) => _probe.Tell(message);

        protected override void OnReceive(object message) => throw new InvalidOperationException("broken");
    }

    [Fact]
    public void Hooks_of_a_restart_run_in_Akkas_order_and_state_starts_afresh()
    {
        var actor = ActorOf(Recorder.Props(TestActor));
        ExpectMsg("PreStart");
        actor.Tell("count");
        ExpectMsg(1);
        actor.Tell("count");
        ExpectMsg(2);

        EventFilter.Exception<InvalidOperationException>("broken").ExpectOne(() => actor.Tell(new Recorder.Fail(new InvalidOperationException("broken"))));

        ExpectMsg("PreRestart broken");
        ExpectMsg("PostStop");
        ExpectMsg("PostRestart broken");
        ExpectMsg("PreStart");
        actor.Tell("count");
        ExpectMsg(1);
        ExpectNoMsg();
    }

    [Fact]
    public void Restart_keeps_the_mailbox()
    {
        var actor = ActorOf(Recorder.Props(TestActor));
        actor.Tell(new Recorder.Fail(new InvalidOperationException("broken")));
        actor.Tell("after 1");
        actor.Tell("after 2");

        FishForMessage<string>(text => text == "PreStart");
        FishForMessage<string>(text => text == "PreStart");
        ExpectMsg("after 1");
        ExpectMsg("after 2");
    }

    [Fact]
    public void Stop_waits_for_children_and_their_children()
    {
        var parentProbe = CreateTestProbe();
        var childProbe = CreateTestProbe();
        var grandchildProbe = CreateTestProbe();
        var order = new List<string>();
        var parent = ActorOf(Recorder.Props(parentProbe.Ref));
        parent.Tell(new Recorder.Spawn(Recorder.Props(childProbe.Ref), "child"));
        var child = ExpectMsg<IActorRef>();
        child.Tell(new Recorder.Spawn(Props.Create(() => new SlowToStop(order)), "grandchild"));
        var grandchild = ExpectMsg<IActorRef>();
        Watch(parent);
        Watch(child);
        Watch(grandchild);

        Sys.Stop(parent);

        ExpectTerminated(grandchild);
        ExpectTerminated(child);
        ExpectTerminated(parent);
        Assert.Equal(["stopped"], order);
    }

    private sealed class SlowToStop(List<string> order) : UntypedActor
    {
        protected override void PostStop() => order.Add("stopped");

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void Actor_that_cannot_start_is_stopped()
    {
        var actor = EventFilter.Exception<ActorInitializationException>()
            .ExpectOne(() => Watch(ActorOf(Props.Create(() => new FailsToStart()))));
        ExpectTerminated(actor);
    }

    [Fact]
    public void Children_that_PreRestart_keeps_are_restarted_too_and_the_message_is_given()
    {
        var childProbe = CreateTestProbe();
        var actor = ActorOf(Props.Create(() => new KeepsChildren(TestActor, childProbe.Ref)));
        childProbe.ExpectMsg("PreStart");

        actor.Tell("bad message");

        ExpectMsg("bad message");
        childProbe.ExpectMsg("PreRestart broken");
        childProbe.ExpectMsg("PostStop");
        childProbe.ExpectMsg("PostRestart broken");
        childProbe.ExpectMsg("PreStart");
        Assert.False(Sys.ActorSelection(actor.Path.ToStringWithoutAddress() + "/child").ResolveOne(TimeSpan.FromSeconds(1)).Result.IsNobody());
    }

    [Fact]
    public void Child_names_are_unique_until_the_child_has_stopped()
    {
        var parent = ActorOf(Recorder.Props(CreateTestProbe().Ref));
        parent.Tell(new Recorder.Spawn(Recorder.Props(TestActor), "child"));
        var child = ExpectMsg<IActorRef>(_ => true, hint: null);
        FishForMessage<string>(text => text == "PreStart");
        Watch(child);
        EventFilter.Exception<ActorInitializationException>(contains: "not unique").ExpectOne(() => Sys.ActorOf(Props.Create(() => new DuplicatesChild())));

        child.Tell(new Recorder.StopYourself());
        ExpectMsg("PostStop");
        ExpectTerminated(child);
        parent.Tell(new Recorder.Spawn(Recorder.Props(CreateTestProbe().Ref), "child"));
        var second = ExpectMsg<IActorRef>();
        Assert.Equal(child.Path, second.Path);
        Assert.NotEqual(child, second);
        Assert.NotEqual(child.Path.Uid, second.Path.Uid);
    }

    private sealed class DuplicatesChild : UntypedActor
    {
        protected override void PreStart()
        {
            Context.ActorOf(Props.Create(() => new SlowToStop(new List<string>())), "same");
            Context.ActorOf(Props.Create(() => new SlowToStop(new List<string>())), "same");
        }

        protected override void OnReceive(object message)
        {
        }
    }

    [Fact]
    public void Actor_stopped_while_its_restart_waits_for_a_child_runs_PostStop_once()
    {
        using var release = new ManualResetEventSlim();
        var probe = CreateTestProbe();
        var actor = Watch(ActorOf(Recorder.Props(probe.Ref)));
        actor.Tell(new Recorder.Spawn(Props.Create(() => new BlocksInPostStop(release)), "child"));
        ExpectMsg<IActorRef>();
        actor.Tell(new Recorder.Fail(new InvalidOperationException("broken")));
        probe.ExpectMsg("PreStart");
        probe.ExpectMsg("PreRestart broken");
        probe.ExpectMsg("PostStop");
        Sys.Stop(actor);
        release.Set();
        ExpectTerminated(actor);
        probe.ExpectNoMsg();
    }

    private sealed class BlocksInPostStop(ManualResetEventSlim release) : UntypedActor
    {
        protected override void PostStop() => release.Wait(TimeSpan.FromSeconds(30));

        protected override void OnReceive(object message)
        {
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("$mine")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public void Malformed_names_are_refused(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Recorder.Props(TestActor), name));

    [Fact]
    public void Actor_cannot_be_made_with_new() => Assert.Throws<InvalidOperationException>(() => new SlowToStop([]));

    [Fact]
    public void Props_must_make_a_new_actor_for_each_incarnation()
    {
        Recorder? first = null;
        var actor = Watch(ActorOf(Props.Create(() => first ??= new Recorder(TestActor))));
        ExpectMsg("PreStart");
        EventFilter.Exception<PostRestartException>().ExpectOne(() => actor.Tell(new Recorder.Fail(new InvalidOperationException("broken"))));
        FishForMessage<Terminated>(terminated => terminated.ActorRef.Equals(actor));
    }

    [Fact]
    public void Terminated_system_creates_no_actor()
    {
        Assert.True(Sys.Terminate().Wait(TimeSpan.FromSeconds(30)));
        Assert.Throws<InvalidOperationException>(() => Sys.ActorOf(Recorder.Props(TestActor)));
    }
}
