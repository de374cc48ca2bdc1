using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>Actors made one after the other by one thread below <c>/user</c>, until the last of them has started; then all stop.</summary>
internal sealed class SpawnCase() : ActorsCase("spawn", warmUps: 2)
{
    private const int Actors = 200_000;

    private static readonly Metric Spawned = new("spawn", "1/s", AtLeast: 500_000, Quoted: "49,000/s", QuotedValue: 49_000);
    private static readonly Metric Stopped = new("stop all", "1/s");

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var started = new Countdown(Actors);
        var props = Props.Create(() => new Started(started));
        var spawning = await SecondsAsync(
            () =>
            {
                for (var i = 0; i < Actors; i++)
                {
                    system.ActorOf(props);
                }
            },
            started.Ended,
            cancellation).ConfigureAwait(false);
        var stopping = await SecondsAsync(() => system.Terminate(), system.WhenTerminated, cancellation).ConfigureAwait(false);
        return [(Spawned, Actors / spawning), (Stopped, Actors / stopping)];
    }

    private sealed class Started(Countdown started) : UntypedActor
    {
        protected override void PreStart() => started.Signal();

        protected override void OnReceive(object message)
        {
        }
    }
}
