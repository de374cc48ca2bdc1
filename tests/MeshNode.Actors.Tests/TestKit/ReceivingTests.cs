using System.Collections;
using Xunit.Sdk;

namespace MeshNode.Actors.Tests;

public sealed class ReceivingTests : MeshNode.Actors.TestKit.TestKit
{
    [Fact]
    public void Peeked_message_stays()
    {
        TestActor.Tell("a");
        Assert.Equal("a", PeekOne());
        Assert.True(TryPeekOne(out var envelope, TimeSpan.Zero, CancellationToken.None));
        Assert.Equal(("a", TestActor), (envelope.Message, envelope.Sender));
        Assert.Equal("a", ReceiveOne());
        Assert.False(HasMessages);
        Assert.Null(PeekOne(TimeSpan.Zero));
        Assert.False(TryReceiveOne(out var none, TimeSpan.Zero));
        Assert.Null(none.Message);
    }

    [Fact]
    public void ReceiveWhile_leaves_the_message_that_ended_it()
    {
        Tell(1, 2, "three", 4);
        Assert.Equal([10, 20], ReceiveWhile<object>(message => message is int number ? number * 10 : null));
        ExpectMsg("three");
        ExpectMsg(4);
    }

    [Fact]
    public void ReceiveWhile_by_condition_drops_or_stops_at_other_types()
    {
        Tell(1, "x", 2, 30, 4);
        Assert.Equal([1, 2], ReceiveWhile<int>(number => number < 10));
        ExpectMsg(30);
        ExpectMsg(4);
        Tell(1, "x", 2);
        Assert.Equal([1], ReceiveWhile<int>(_ => true, shouldIgnoreOtherMessageTypes: false));
        ExpectMsg("x");
    }

    [Fact]
    public void ReceiveWhile_takes_virtual_time_and_ends_when_idle()
    {
        foreach (var second in new[] { 1, 2, 5 })
        {
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(second), TestActor, second, ActorRefs.NoSender);
        }

        Assert.Equal([1, 2], ReceiveWhile<int>(_ => true, max: TimeSpan.FromSeconds(10), idle: TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(4), Now);
        Assert.Equal([5], ReceiveWhile<int>(_ => true, max: TimeSpan.FromSeconds(10), msgs: 1));
        Assert.Equal(TimeSpan.FromSeconds(5), Now);
    }

    [Fact]
    public void Fishing_tells_what_it_passed_over()
    {
        Tell(1, "a", 2, "b");
        var passed = new ArrayList { "old" };
        Assert.Equal("b", FishForMessage<string>(text => text == "b", passed));
        Assert.Equal(new object[] { 1, "a", 2 }, passed.ToArray());
        DefaultTimeout = TimeSpan.FromMilliseconds(50);
        Tell(1);
        Assert.ThrowsAny<XunitException>(() => FishForMessage(_ => false));
    }

    [Fact]
    public async Task FishUntilMessage_fails_on_the_type_only()
    {
        Tell(1, 2);
        await FishUntilMessageAsync<string>(TimeSpan.FromSeconds(1));
        Assert.False(HasMessages);
        Tell(1, "a");
        await Assert.ThrowsAnyAsync<XunitException>(() => FishUntilMessageAsync<string>(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Radio_silence_gives_all_that_came_before_it()
    {
        Tell("now");
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(1), TestActor, "soon", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(9), TestActor, "late", ActorRefs.NoSender);
        var heard = await WaitForRadioSilenceAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(new object[] { "now", "soon" }, heard.ToArray());
        Tell(1, 2, 3);
        await Assert.ThrowsAnyAsync<XunitException>(() => WaitForRadioSilenceAsync(TimeSpan.FromSeconds(1), maxMessages: 2));
    }

    [Fact]
    public void Messages_of_a_type_can_be_ignored()
    {
        IgnoreMessages<int>();
        Tell(1, "a");
        ExpectMsg("a");
        IgnoreMessages<string>(text => text.StartsWith('b'));
        Tell("b1", "c1");
        ExpectMsg("c1");
        IgnoreNoMessages();
        Tell("b2");
        ExpectMsg("b2");
    }

    private void Tell(params object[] messages) => Array.ForEach(messages, message => TestActor.Tell(message));
}
