using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>
/// Akka.NET's own PingPong benchmark: pairs of actors, up to 1,000 messages of each pair in flight, one message object for
/// all. Every message that an actor handles counts. A first, short lap lets the queues grow to what is in flight;
/// allocation is that of the whole process in the second one.
/// </summary>
internal sealed class PairsCase(int pairs) : ActorsCase($"pairs {pairs}", warmUps: 2)
{
    private const int Messages = 32_000_000; // both ways together
    private const int InFlight = 1_000;
    private const int FirstLap = 20_000; // of each pair, one way

    private readonly Metric _rate = new($"ping-pong, {Text(pairs)}", "msg/s", AtLeast: 40e6, Quoted: "17-20 M/s", QuotedValue: 20e6);
    private readonly Metric _allocation = new($"ping-pong, {Text(pairs)}, allocated", "B/msg", AtMost: 0.1);

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var repeat = Messages / 2 / pairs;
        var clients = Enumerable.Range(0, pairs).Select(_ =>
        {
            var destination = system.ActorOf(Props.Create(() => new Destination()));
            return system.ActorOf(Props.Create(() => new Client(destination)));
        }).ToArray();
        await LapAsync(clients, FirstLap, cancellation).ConfigureAwait(false);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var seconds = await LapAsync(clients, repeat, cancellation).ConfigureAwait(false);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        return [(_rate, 2.0 * repeat * pairs / seconds), (_allocation, allocated / (2.0 * repeat * pairs))];
    }

    private static string Text(int pairs) => pairs == 1 ? "1 pair" : $"{pairs} pairs";

    private static Task<double> LapAsync(IActorRef[] clients, int repeat, CancellationToken cancellation)
    {
        var countdown = new Countdown(clients.Length);
        var run = new Run(repeat, countdown);
        return SecondsAsync(() => Array.ForEach(clients, client => client.Tell(run)), countdown.Ended, cancellation);
    }

    private sealed record Run(int Repeat, Countdown Done);

    private sealed class Message
    {
        public static readonly Message Instance = new();
    }

    private sealed class Destination : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Message)
            {
                Sender.Tell(message, Self);
            }
        }
    }

    private sealed class Client(IActorRef destination) : UntypedActor
    {
        private Run _run = null!;
        private int _sent;
        private int _received;

        protected override void OnReceive(object message)
        {
            if (message is Message)
            {
                _received++;
                if (_sent < _run.Repeat)
                {
                    destination.Tell(message, Self);
                    _sent++;
                }
                else if (_received == _run.Repeat)
                {
                    _run.Done.Signal();
                }
            }
            else if (message is Run run)
            {
                _run = run;
                _received = 0;
                _sent = Math.Min(InFlight, run.Repeat);
                for (var i = 0; i < _sent; i++)
                {
                    destination.Tell(Message.Instance, Self);
                }
            }
        }
    }
}
