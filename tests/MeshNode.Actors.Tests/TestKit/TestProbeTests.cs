using MeshNode.Actors.TestKit;
using Xunit.Sdk;

namespace MeshNode.Actors.Tests;

public sealed class TestProbeTests : MeshNode.Actors.TestKit.TestKit
{
    private sealed class Asker : ReceiveActor
    {
        public Asker(IActorRef service, IActorRef listener)
        {
            Receive<string>(text => text.StartsWith("ask"), text => service.Tell(text));
            ReceiveAny(message => listener.Tell((message, Sender)));
        }
    }

    [Fact]
    public void Probe_is_a_reference_itself()
    {
        var probe = CreateTestProbe("service");
        ActorOf(() => new Asker(probe, TestActor)).Tell("ask 1");
        probe.ExpectMsg("ask 1");
        probe.Reply(42);
        var (answer, sender) = ExpectMsg<(object, IActorRef)>();
        Assert.Equal(42, answer);
        Assert.True(sender.Equals(probe) && probe.Equals(sender) && probe.Ref.Equals(sender));
        Assert.Equal("service", probe.Path.Name);
        TestActor.Tell("from the probe", probe);
        ExpectMsgFrom(probe, "from the probe");
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe);
    }

    [Fact]
    public void Autopilot_runs_until_it_gives_none()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}", ActorRefs.NoSender);
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        probe.Tell("first");
        probe.Tell("last");
        probe.Tell("unanswered");
        Assert.Equal(["re: first", "re: last"], ReceiveN(2));
        ExpectNoMsg();
        Assert.Equal(["first", "last", "unanswered"], probe.ReceiveN(3));
    }

    [Fact]
    public void Pilot_can_hand_over_to_another()
    {
        var calm = new DelegateAutoPilot((sender, _) => { sender.Tell("calm"); return AutoPilot.KeepRunning; });
        SetAutoPilot(new DelegateAutoPilot((_, _) => calm));
        var probe = CreateTestProbe();
        probe.Send(TestActor, 1);
        probe.Send(TestActor, 2);
        probe.ExpectMsg("calm");
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Probe_creates_and_loses_children()
    {
        var child = ChildActorOf(Props.Create(() => new Asker(TestActor, TestActor)), "child");
        Assert.Equal(TestActor.Path, child.Path.Parent);
        child.Tell("ask 2");
        ExpectMsg("ask 2");
        Assert.Throws<AggregateException>(() => ChildActorOf(Props.Create(() => new Asker(TestActor, TestActor)), "child"));
    }

    [Fact]
    public void Predicates_are_matched_in_any_order()
    {
        TestActor.Tell("a");
        TestActor.Tell(1);
        ExpectMsgAllOfMatchingPredicates(PredicateInfo.Create<int>(number => number == 1), PredicateInfo.Create<string>(text => text == "a"));
        TestActor.Tell("a");
        TestActor.Tell(2);
        Assert.ThrowsAny<XunitException>(() =>
            ExpectMsgAllOfMatchingPredicates(PredicateInfo.Create<int>(number => number == 1), PredicateInfo.Create<string>(text => text == "a")));
        TestActor.Tell("a");
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf("a", "b"));
    }

    [Fact]
    public void Probe_of_another_system_hears_that_system()
    {
        using var other = ActorSystem.Create("other");
        var probe = CreateTestProbe(other);
        other.EventStream.Subscribe<string>(probe);
        other.EventStream.Publish("news");
        probe.ExpectMsg("news");
        CreateEventFilter(other).Warning("elsewhere").ExpectOne(() => other.Log.Warning("elsewhere"));
    }

    [Fact]
    public void Latch_opens_and_barrier_lets_go_together()
    {
        var latch = CreateTestLatch(2);
        ActorOf(() => new Asker(TestActor, new CountingRef(latch).Ref(this))).Tell(1);
        latch.CountDown();
        latch.Ready();
        latch.Reset();
        Assert.False(latch.IsOpen);
        Assert.Throws<TimeoutException>(() => latch.Ready(TimeSpan.FromMilliseconds(20)));
        latch.Open();
        latch.CountDown();
        Assert.True(latch.IsOpen);
        var barrier = CreateTestBarrier(2);
        Assert.Throws<TimeoutException>(() => barrier.Await(TimeSpan.FromMilliseconds(20)));
        barrier.Reset();
        var thread = new Thread(barrier.Await);
        thread.Start();
        barrier.Await();
        thread.Join();
    }

    /// <summary>A reference that counts a latch down.</summary>
    private sealed class CountingRef(TestLatch latch)
    {
        public TestProbe Ref(MeshNode.Actors.TestKit.TestKit kit)
        {
            var probe = kit.CreateTestProbe();
            probe.SetAutoPilot(new DelegateAutoPilot((_, _) => { latch.CountDown(); return AutoPilot.KeepRunning; }));
            return probe;
        }
    }
}
