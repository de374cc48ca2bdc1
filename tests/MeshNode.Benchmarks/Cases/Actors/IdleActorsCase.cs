using System.Globalization;
using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>
/// Managed heap that actors hold which have started and do nothing: everything that the kernel keeps for them (cell,
/// mailbox, reference, name, place among its siblings) and the actor itself. The <see cref="ReceiveActor"/> has three
/// handlers, whose delegates are its own; the <see cref="UntypedActor"/> has no field.
/// </summary>
internal sealed class IdleActorsCase(int count, bool receive) : ActorsCase($"idle {(receive ? "ReceiveActor" : "UntypedActor")} {count}", warmUps: 0, rounds: 3)
{
    private readonly Metric _bytes = receive
        ? new($"idle ReceiveActor, of {Text(count)}", "B", AtMost: 700, Quoted: "2,320 B", QuotedValue: 2320)
        : new($"idle UntypedActor, of {Text(count)}", "B", Quoted: "1,740 B", QuotedValue: 1740);

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var started = new Countdown(count);
        var props = receive ? Props.Create(() => new IdleReceive(started)) : Props.Create(() => new IdleUntyped(started));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            system.ActorOf(props);
        }

        await started.Ended.WaitAsync(Limit, cancellation).ConfigureAwait(false);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        return [(_bytes, (double)(after - before) / count)];
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private sealed class IdleReceive : ReceiveActor
    {
        private int _handled;

        public IdleReceive(Countdown started)
        {
            Receive<string>(_ => _handled++);
            Receive<Version>(version => _handled += version.Major);
            Receive<Uri>(_ => _handled--);
            started.Signal();
        }
    }

    private sealed class IdleUntyped : UntypedActor
    {
        public IdleUntyped(Countdown started) => started.Signal();

        protected override void OnReceive(object message)
        {
        }
    }
}
