using MeshNode.Actors.TestKit;

namespace MeshNode.Actors.Tests;

public sealed class TestActorRefTests : MeshNode.Actors.TestKit.TestKit
{
    private sealed record Ask(int Number);

    private sealed class Counter : ReceiveActor
    {
        public Counter()
        {
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("broken"));
            Receive<string>(text => text == "who", _ => Sender.Tell(Count));
            Receive<string>(text => text == "more", _ => Become(() => Receive<string>(_ => Count += 100)));
            ReceiveAsync<Ask>(async ask =>
            {
                await Task.Yield();
                Count = ask.Number > 0 ? ask.Number : throw new InvalidOperationException("not positive");
            });
            Receive<Terminated>(_ => Count = -1);
            ReceiveAny(_ => Count++);
        }

        public int Count { get; private set; }
    }

    /// <summary>Tells a child in the midst of a message, and itself.</summary>
    private sealed class Nesting : ReceiveActor
    {
        public Nesting(List<string> order, int depth)
        {
            Receive<string>(text => text == "go", _ =>
            {
                order.Add($"{depth} begins");
                Self.Tell("self");
                if (depth < 3)
                {
                    Context.ActorOf(Props.Create(() => new Nesting(order, depth + 1)).WithDispatcher(CallingThreadDispatcher.Id)).Tell("go");
                }

                order.Add($"{depth} ends");
            });
            Receive<string>(_ => order.Add($"{depth} itself"));
        }
    }

    private sealed class Chatty : ReceiveActor
    {
        public Chatty() => Receive<int>(left =>
        {
            Handled++;
            if (left > 0)
            {
                Self.Tell(left - 1);
            }
        });

        public int Handled { get; private set; }
    }

    [Fact]
    public void Actor_has_handled_what_it_was_told_when_Tell_returns()
    {
        var actor = ActorOfAsTestActorRef<Counter>("counter");
        actor.Tell(1);
        actor.Tell(2);
        Assert.Equal(2, actor.UnderlyingActor.Count);
        Assert.Equal("counter", actor.Path.Name);
        actor.Tell("who");
        ExpectMsg(2);
        Assert.Equal(actor, LastSender);
        Assert.Equal(LastSender, actor.Ref);
    }

    [Fact]
    public void Told_actors_run_nested_and_the_running_one_afterwards()
    {
        var order = new List<string>();
        var actor = ActorOfAsTestActorRef(() => new Nesting(order, 1));
        actor.Tell("go");
        Assert.Equal(["1 begins", "2 begins", "3 begins", "3 ends", "3 itself", "2 ends", "2 itself", "1 ends", "1 itself"], order);
    }

    [Fact]
    public void Long_conversation_with_itself_does_not_grow_the_stack()
    {
        var actor = ActorOfAsTestActorRef<Chatty>();
        actor.Tell(1_000_000);
        Assert.Equal(1_000_001, actor.UnderlyingActor.Handled);
    }

    [Fact]
    public void Receive_throws_what_the_actor_throws()
    {
        var actor = ActorOfAsTestActorRef<Counter>();
        var before = actor.UnderlyingActor;
        Assert.Equal("broken", Assert.Throws<InvalidOperationException>(() => actor.Receive("fail")).Message);
        Assert.Same(before, actor.UnderlyingActor);
        actor.Receive("who", TestActor);
        ExpectMsg(0);
        actor.Receive("more");
        actor.Receive(1);
        actor.Tell("any");
        Assert.Equal(100, actor.UnderlyingActor.Count);
    }

    [Fact]
    public async Task ReceiveAsync_ends_with_the_handler()
    {
        var actor = ActorOfAsTestActorRef<Counter>();
        await actor.ReceiveAsync(new Ask(7));
        Assert.Equal(7, actor.UnderlyingActor.Count);
        await Assert.ThrowsAsync<InvalidOperationException>(() => actor.ReceiveAsync(new Ask(0)));
    }

    [Fact]
    public void Failure_of_what_was_told_is_the_supervisors()
    {
        var actor = ActorOfAsTestActorRef<Counter>();
        var before = actor.UnderlyingActor;
        EventFilter.Exception<InvalidOperationException>("broken").ExpectOne(() => actor.Tell("fail"));
        AwaitAssert(() => Assert.NotSame(before, actor.UnderlyingActor));
    }

    [Fact]
    public void Supervisor_can_be_another_actor()
    {
        var parent = ActorOf<Counter>("parent");
        var child = ActorOfAsTestActorRef<Counter>(parent, "child");
        Assert.Equal(parent.Path, child.Path.Parent);
        Watch(child);
        Sys.Stop(parent);
        ExpectTerminated(child);
        Assert.Throws<IllegalActorStateException>(() => child.UnderlyingActor);
    }

    [Fact]
    public void It_stands_for_its_actor_everywhere()
    {
        var actor = ActorOfAsTestActorRef(() => new Counter());
        var probe = CreateTestProbe();
        actor.Watch(probe);
        Sys.Stop(probe);
        AwaitAssert(() => Assert.Equal(-1, actor.UnderlyingActor.Count));
        Sys.EventStream.Subscribe<string>(actor);
        Sys.EventStream.Publish("x");
        Assert.Equal(0, actor.UnderlyingActor.Count);
        Assert.True(Sys.EventStream.Unsubscribe(actor));
        Assert.Equal(0, actor.Ask<int>("who").GetAwaiter().GetResult());
        Assert.True(actor.GracefulStop(TimeSpan.FromSeconds(15)).GetAwaiter().GetResult());
    }
}
