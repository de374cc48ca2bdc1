using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>Questions and answers through <c>Ask</c>, each asker awaiting one answer before the next question, without a timeout.</summary>
internal sealed class AskCase(int inFlight) : ActorsCase($"ask {inFlight}", warmUps: 3)
{
    private const int Questions = 3_000_000;

    private readonly Metric _rate = inFlight == 1
        ? new("ask, one after the other", "1/s", AtLeast: 1e6, Quoted: "0.5 M/s", QuotedValue: 0.5e6)
        : new($"ask, {inFlight} in flight", "1/s", AtLeast: 4e6, Quoted: "2.0 M/s", QuotedValue: 2e6);

    private readonly Metric _allocation = new($"ask, {(inFlight == 1 ? "one after the other" : $"{inFlight} in flight")}, allocated", "B/ask");

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var actor = system.ActorOf(Props.Create(() => new Echo()));
        await actor.Ask<object>("first").ConfigureAwait(false);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var go = Signal();
        var askers = Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => AskAsync(go.Task, actor, Questions / inFlight)));
        var seconds = await SecondsAsync(go.SetResult, askers, cancellation).ConfigureAwait(false);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return [(_rate, Questions / seconds), (_allocation, (double)allocated / Questions)];
    }

    private static async Task AskAsync(Task go, IActorRef actor, int count)
    {
        await go.ConfigureAwait(false);
        var question = new object();
        for (var i = 0; i < count; i++)
        {
            await actor.Ask<object>(question).ConfigureAwait(false);
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
