using Xunit.Sdk;

namespace MeshNode.Actors.Tests;

public sealed class TestKitTests : MeshNode.Actors.TestKit.TestKit
{
    [Fact]
    public void Expectations_that_do_not_hold_fail()
    {
        DefaultTimeout = TimeSpan.FromMilliseconds(50);
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>());
        Receive(1);
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>());
        Receive("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg("b"));
        Receive("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(text => text == "b"));
        Receive("a");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg());
        Receive("a");
        Receive("b");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf("a", "c"));
        TestActor.Tell("a", ActorRefs.Nobody);
        Settle();
        Assert.ThrowsAny<XunitException>(() => ExpectMsgFrom(TestActor, "a"));
        Assert.ThrowsAny<XunitException>(() => ReceiveN(1));
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, TimeSpan.FromMilliseconds(50)));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Error().Expect(0, () => Sys.Log.Error("one")));
        Assert.ThrowsAny<XunitException>(() => Within(TimeSpan.FromSeconds(1), () => Scheduler.Advance(TimeSpan.FromSeconds(2))));

        // There before it is expected, however slow the machine: only what is wrong with it may fail.
        void Receive(object message)
        {
            TestActor.Tell(message);
            Settle();
        }
    }

    [Fact]
    public void Expectations_that_hold_give_the_message()
    {
        TestActor.Tell("a");
        TestActor.Tell("b");
        Assert.Equal(["a", "b"], ExpectMsgAllOf("b", "a"));
        TestActor.Tell("b");
        Assert.Equal("b", ExpectMsgAnyOf("a", "b"));
        TestActor.Tell(1);
        TestActor.Tell("fish");
        Assert.Equal("fish", FishForMessage(message => message is string));
        IgnoreMessages(message => message is int);
        TestActor.Tell(1);
        ExpectNoMsg();
        IgnoreNoMessages();
        Within(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(3), () => Scheduler.Advance(TimeSpan.FromSeconds(2)));
        EventFilter.Warning(contains: "careful").ExpectOne(() => Sys.Log.Warning("be careful"));
    }

    [Fact]
    public void Probe_answers_and_forwards()
    {
        var probe = CreateTestProbe("named");
        Assert.Equal("named", probe.Ref.Path.Name);
        probe.Ref.Tell("question");
        probe.ExpectMsg("question");
        probe.Reply("answer");
        ExpectMsgFrom(probe.Ref, "answer");
        var other = CreateTestProbe();
        probe.Forward(other.Ref);
        other.ExpectMsgFrom(TestActor, "question");
    }
}
