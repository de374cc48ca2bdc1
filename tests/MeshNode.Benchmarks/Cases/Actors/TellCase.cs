using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>
/// One-way messages from actors to actors. Each sender tells round robin and waits for a receiver's word when it has
/// <see cref="InFlight"/> messages on their way, so that the figure is a steady one and not that of a growing queue.
/// </summary>
internal sealed class TellCase(int senders, int receivers) : ActorsCase($"tell {senders} to {receivers}", warmUps: 2)
{
    private const int Messages = 20_000_000;

    /// <summary>Of one sender, at most; the receivers confirm in halves of it.</summary>
    private const int InFlight = 20_000;

    private readonly Metric _metric = new(
        $"tell {senders} to {receivers}", "msg/s", AtLeast: 40e6, Quoted: "20-36 M/s", QuotedValue: 36e6);

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var targets = Enumerable.Range(0, receivers).Select(_ => system.ActorOf(Props.Create(() => new Receiver()))).ToArray();
        var latch = new Countdown(senders);
        var sources = Enumerable.Range(0, senders)
            .Select(_ => system.ActorOf(Props.Create(() => new Sender(targets, Messages / senders, latch)))).ToArray();
        var seconds = await SecondsAsync(() => Array.ForEach(sources, source => source.Tell(Go.Instance)), latch.Ended, cancellation).ConfigureAwait(false);
        return [(_metric, Messages / seconds)];
    }

    private sealed class Go
    {
        public static readonly Go Instance = new();
    }

    private sealed class Payload
    {
        public static readonly Payload Instance = new();
    }

    /// <summary>To be answered when everything before it has been handled.</summary>
    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }

    private sealed class Receiver : UntypedActor
    {
        private long _received;

        protected override void OnReceive(object message)
        {
            if (ReferenceEquals(message, Payload.Instance))
            {
                _received++;
            }
            else
            {
                Sender.Tell(message, Self);
            }
        }
    }

    private sealed class Sender(IActorRef[] targets, int count, Countdown latch) : UntypedActor
    {
        private int _left = count;
        private int _marks;

        protected override void OnReceive(object message)
        {
            if (ReferenceEquals(message, Go.Instance))
            {
                SendHalf();
                SendHalf();
                return;
            }

            if (--_marks % targets.Length != 0)
            {
                return; // the other receivers' words of this half
            }

            if (_left > 0)
            {
                SendHalf();
            }
            else if (_marks == 0)
            {
                latch.Signal();
            }
        }

        private void SendHalf()
        {
            var self = Self;
            var half = Math.Min(_left, InFlight / 2);
            _left -= half;
            for (int i = 0, target = 0; i < half; i++)
            {
                targets[target].Tell(Payload.Instance, self);
                target = target + 1 == targets.Length ? 0 : target + 1;
            }

            foreach (var target in targets)
            {
                target.Tell(Mark.Instance, self);
            }

            _marks += targets.Length;
        }
    }
}
