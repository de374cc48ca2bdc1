namespace MeshNode.Actors.Tests;

public sealed class PinnedDispatcherTests : TestKit.TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public PinnedDispatcherTests() => Sys.Dispatchers.RegisterConfigurator("pinned", new PinnedDispatcherConfigurator("pinned"));

    private sealed class TellsThread : ReceiveActor
    {
        public TellsThread()
        {
            ReceiveAsync<Task>(async task =>
            {
                await task;
                Sender.Tell(Thread.CurrentThread);
            });
            ReceiveAny(_ => Sender.Tell(Thread.CurrentThread));
        }
    }

    private IActorRef Start() => Sys.ActorOf(Props.Create(() => new TellsThread()).WithDispatcher("pinned"));

    [Fact]
    public void Each_actor_has_one_thread_of_its_own_also_after_an_await()
    {
        var (first, second) = (Start(), Start());
        first.Tell("where");
        var thread = ExpectMsg<Thread>();
        first.Tell(Task.Run(() => { }));
        Assert.Same(thread, ExpectMsg<Thread>());
        second.Tell("where");
        Assert.NotSame(thread, ExpectMsg<Thread>());
        Assert.False(thread.IsThreadPoolThread);
    }

    [Fact]
    public void Thread_ends_with_its_actor()
    {
        var actor = Start();
        actor.Tell("where");
        var thread = ExpectMsg<Thread>();
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Assert.True(thread.Join(Limit), "the thread goes on");
    }

    private sealed class Blocks : ReceiveActor
    {
        public Blocks(CountdownEvent all) => ReceiveAny(_ =>
        {
            all.Signal();
            all.Wait(Limit);
            Sender.Tell(all.IsSet);
        });
    }

    [Fact]
    public void Actors_that_block_do_not_hold_up_one_another()
    {
        const int Actors = 50; // far more than the thread pool would start at once
        using var all = new CountdownEvent(Actors);
        foreach (var actor in Enumerable.Range(0, Actors).Select(_ => Sys.ActorOf(Props.Create(() => new Blocks(all)).WithDispatcher("pinned"))).ToArray())
        {
            actor.Tell("block");
        }

        Assert.All(ReceiveN(Actors, Limit), isSet => Assert.Equal(true, isSet));
    }
}
