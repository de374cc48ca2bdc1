using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>One thread tells an actor as fast as it can and never waits: the queue grows as far as the actor is slower.</summary>
internal sealed class BurstCase() : ActorsCase("tell burst", warmUps: 2)
{
    private const int Messages = 10_000_000;

    private static readonly Metric Rate = new("tell 1 to 1, burst of a thread", "msg/s", AtLeast: 40e6, Quoted: "20-36 M/s", QuotedValue: 36e6);

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var done = Signal();
        var actor = system.ActorOf(Props.Create(() => new Counter(done)));
        var message = new object();
        var seconds = await SecondsAsync(
            () =>
            {
                for (var i = 0; i < Messages; i++)
                {
                    actor.Tell(message, ActorRefs.NoSender);
                }
            },
            done.Task,
            cancellation).ConfigureAwait(false);
        return [(Rate, Messages / seconds)];
    }

    private sealed class Counter(TaskCompletionSource done) : UntypedActor
    {
        private int _received;

        protected override void OnReceive(object message)
        {
            if (++_received == Messages)
            {
                done.SetResult();
            }
        }
    }
}
