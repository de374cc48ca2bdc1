namespace MeshNode.Actors.Tests;

public sealed class ThreadPoolDispatcherTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class AsksAndBlocks : ReceiveActor
    {
        public AsksAndBlocks(IActorRef echo, CountdownEvent done) => ReceiveAny(message =>
        {
            echo.Ask<object>(message).Wait(Limit);
            done.Signal();
        });
    }

    /// <summary>What an actor wakes is queued to its own thread, which it then blocks: another thread must take it.</summary>
    [Fact]
    public void Actor_that_blocks_for_an_answer_gets_it()
    {
        using var system = ActorSystem.Create("blocking");
        using var done = new CountdownEvent(Environment.ProcessorCount * 4);
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        for (var number = 0; number < done.InitialCount; number++)
        {
            system.ActorOf(Props.Create(() => new AsksAndBlocks(echo, done))).Tell("go", ActorRefs.NoSender);
        }

        Assert.True(done.Wait(Limit), $"{done.CurrentCount} still wait");
    }

    private sealed class Bounces : UntypedActor
    {
        private readonly IActorRef? _other;
        private readonly CancellationToken _end;

        public Bounces(IActorRef? other, CancellationToken end) => (_other, _end) = (other, end);

        protected override void OnReceive(object message)
        {
            if (!_end.IsCancellationRequested)
            {
                (_other ?? Sender).Tell(message, Self);
            }
        }
    }

    /// <summary>Pairs that never rest wake each other on the thread that they are on; the rest of the pool's work must still come.</summary>
    [Fact]
    public void Busy_pairs_do_not_starve_what_waits_for_all_threads()
    {
        using var end = new CancellationTokenSource();
        using var system = ActorSystem.Create("busy");
        for (var pair = 0; pair < Environment.ProcessorCount * 4; pair++)
        {
            var far = system.ActorOf(Props.Create(() => new Bounces(null, end.Token)));
            system.ActorOf(Props.Create(() => new Bounces(far, end.Token))).Tell("ball", ActorRefs.NoSender);
        }

        using var done = new CountdownEvent(1_000);
        for (var item = 0; item < done.InitialCount; item++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static countdown => countdown.Signal(), done, preferLocal: false);
        }

        var isDone = done.Wait(Limit);
        end.Cancel();
        Assert.True(isDone, $"{done.CurrentCount} of the pool's items were not run");
    }
}
