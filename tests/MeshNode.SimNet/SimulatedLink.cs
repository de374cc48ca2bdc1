using MeshNode.Rtc;

namespace MeshNode.SimNet;

/// <summary>How a <see cref="SimulatedLink"/> treats what is sent through it. Probabilities are in [0, 1].</summary>
public sealed record SimulatedLinkOptions
{
    /// <summary>Probability that a datagram vanishes.</summary>
    public double Loss { get; init; }

    /// <summary>Probability that a datagram arrives twice, each copy with a jitter of its own.</summary>
    public double Duplication { get; init; }

    /// <summary>One-way delay that every datagram takes.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Uniform extra delay in [0, Jitter); datagrams that overtake each other are the reordering.</summary>
    public TimeSpan Jitter { get; init; }
}

/// <summary>
/// One direction of a network path in virtual time: what is sent at <c>now</c> arrives later, twice, out of order or never,
/// as the seed decides. Without jitter it keeps the order.
/// </summary>
public sealed class SimulatedLink(ulong seed, SimulatedLinkOptions options)
{
    private readonly SeededRandomSource _random = new(seed);
    private readonly PriorityQueue<(byte[] Buffer, int Length), (long Arrival, long Order)> _inFlight = new();
    private readonly Stack<byte[]> _free = new();
    private byte[]? _lent;
    private long _order;

    /// <summary>May be exchanged during a run.</summary>
    public SimulatedLinkOptions Options { get; set; } = options;

    /// <summary>Datagrams that are under way.</summary>
    public int Count => _inFlight.Count;

    /// <summary>Datagrams lost so far.</summary>
    public long Lost { get; private set; }

    /// <summary>When the next datagram arrives; null when none is under way.</summary>
    public MonotonicTime? NextArrival =>
        _inFlight.TryPeek(out _, out var key) ? new MonotonicTime(key.Arrival) : null;

    /// <summary>Copies <paramref name="datagram"/> into the link.</summary>
    public void Send(MonotonicTime now, ReadOnlySpan<byte> datagram)
    {
        if (Options.Loss > 0 && _random.NextDouble() < Options.Loss)
        {
            Lost++;
            return;
        }

        Enqueue(now, datagram);
        if (Options.Duplication > 0 && _random.NextDouble() < Options.Duplication)
        {
            Enqueue(now, datagram);
        }
    }

    /// <summary>The next datagram that has arrived by <paramref name="now"/>; its bytes stay valid until the following call.</summary>
    public bool TryReceive(MonotonicTime now, out ReadOnlySpan<byte> datagram)
    {
        if (_lent is not null)
        {
            _free.Push(_lent);
            _lent = null;
        }

        if (!_inFlight.TryPeek(out var entry, out var key) || key.Arrival > now.Ticks)
        {
            datagram = default;
            return false;
        }

        _inFlight.Dequeue();
        _lent = entry.Buffer;
        datagram = entry.Buffer.AsSpan(0, entry.Length);
        return true;
    }

    private void Enqueue(MonotonicTime now, ReadOnlySpan<byte> datagram)
    {
        var arrival = now + Options.Delay;
        if (Options.Jitter > TimeSpan.Zero)
        {
            arrival += TimeSpan.FromTicks((long)(_random.NextDouble() * Options.Jitter.Ticks));
        }

        if (!_free.TryPop(out var buffer) || buffer.Length < datagram.Length)
        {
            buffer = new byte[Math.Max(2048, datagram.Length)];
        }

        datagram.CopyTo(buffer);
        _inFlight.Enqueue((buffer, datagram.Length), (arrival.Ticks, _order++));
    }
}
