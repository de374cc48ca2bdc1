using MeshNode.Rtc;

namespace MeshNode.SimNet;

/// <summary>
/// One direction of a network path in virtual time: what is sent at <c>now</c> waits for the bottleneck, arrives later, twice,
/// out of order or never, as the seed decides. Without jitter it keeps the order. Several flows may share it: each datagram
/// carries the number of its flow.
/// <code>
/// Send ─► MTU ─► loss ─► drop-tail queue ─► rate ─► delay, jitter ─► TryReceive
/// </code>
/// </summary>
public sealed class SimulatedLink(ulong seed, SimulatedLinkOptions options)
{
    private readonly SeededRandomSource _random = new(seed);
    private readonly PriorityQueue<(byte[] Buffer, int Length, int Flow), (long Arrival, long Order)> _inFlight = new();
    private readonly Stack<byte[]> _free = new();
    private byte[]? _lent;
    private long _order;
    private double _idleAt; // ticks; when the bottleneck has sent all that waits
    private bool _isBad; // Gilbert-Elliott's state

    /// <summary>May be exchanged during a run.</summary>
    public SimulatedLinkOptions Options { get; set; } = options;

    /// <summary>Datagrams that are under way.</summary>
    public int Count => _inFlight.Count;

    /// <summary>Datagrams lost so far, by chance and not by the queue.</summary>
    public long Lost { get; private set; }

    /// <summary>Datagrams that the full queue did not take.</summary>
    public long Dropped { get; private set; }

    /// <summary>Datagrams that were too large for the path.</summary>
    public long TooLarge { get; private set; }

    /// <summary>Datagrams that passed the bottleneck.</summary>
    public long Carried { get; private set; }

    /// <summary>When the next datagram arrives; null when none is under way.</summary>
    public MonotonicTime? NextArrival =>
        _inFlight.TryPeek(out _, out var key) ? new MonotonicTime(key.Arrival) : null;

    /// <summary>How long a datagram that came now would wait for its turn.</summary>
    public TimeSpan QueueingDelay(MonotonicTime now) => TimeSpan.FromTicks(Math.Max(0, (long)_idleAt - now.Ticks));

    /// <summary>Copies <paramref name="datagram"/> into the link.</summary>
    public void Send(MonotonicTime now, ReadOnlySpan<byte> datagram, int flow = 0)
    {
        if (datagram.Length > Options.Mtu)
        {
            TooLarge++;
            return;
        }

        if ((Options.Loss > 0 && _random.NextDouble() < Options.Loss) || IsLostInBurst())
        {
            Lost++;
            return;
        }

        if (!TryPassBottleneck(now, datagram.Length + Options.OverheadBytes, out var departure))
        {
            Dropped++;
            return;
        }

        Carried++;
        Enqueue(departure, datagram, flow);
        if (Options.Duplication > 0 && _random.NextDouble() < Options.Duplication)
        {
            Enqueue(departure, datagram, flow);
        }
    }

    /// <summary>The next datagram that has arrived by <paramref name="now"/>; its bytes stay valid until the following call.</summary>
    public bool TryReceive(MonotonicTime now, out ReadOnlySpan<byte> datagram) => TryReceive(now, out datagram, out _);

    /// <summary>As above, with the number of the flow that it was sent with.</summary>
    public bool TryReceive(MonotonicTime now, out ReadOnlySpan<byte> datagram, out int flow)
    {
        if (_lent is not null)
        {
            _free.Push(_lent);
            _lent = null;
        }

        if (!_inFlight.TryPeek(out var entry, out var key) || key.Arrival > now.Ticks)
        {
            datagram = default;
            flow = 0;
            return false;
        }

        _inFlight.Dequeue();
        _lent = entry.Buffer;
        datagram = entry.Buffer.AsSpan(0, entry.Length);
        flow = entry.Flow;
        return true;
    }

    private bool IsLostInBurst()
    {
        if (Options.BurstLoss is not { } burst)
        {
            return false;
        }

        _isBad = _random.NextDouble() < (_isBad ? 1 - burst.BadToGood : burst.GoodToBad);
        return _isBad && _random.NextDouble() < burst.LossInBad;
    }

    private bool TryPassBottleneck(MonotonicTime now, int bytes, out MonotonicTime departure)
    {
        departure = now;
        if (Options.Rate <= 0)
        {
            return true;
        }

        var ticksPerByte = 8.0 * TimeSpan.TicksPerSecond / Options.Rate;
        var backlog = Math.Max(0, _idleAt - now.Ticks) / ticksPerByte; // bytes that wait or are half sent
        if (backlog + bytes > Options.QueueBytes)
        {
            return false;
        }

        _idleAt = Math.Max(_idleAt, now.Ticks) + (bytes * ticksPerByte);
        departure = new MonotonicTime((long)_idleAt);
        return true;
    }

    private void Enqueue(MonotonicTime departure, ReadOnlySpan<byte> datagram, int flow)
    {
        var arrival = departure + Options.Delay;
        if (Options.Jitter > TimeSpan.Zero)
        {
            arrival += TimeSpan.FromTicks((long)(_random.NextDouble() * Options.Jitter.Ticks));
        }

        if (!_free.TryPop(out var buffer) || buffer.Length < datagram.Length)
        {
            buffer = new byte[Math.Max(2048, datagram.Length)];
        }

        datagram.CopyTo(buffer);
        _inFlight.Enqueue((buffer, datagram.Length, flow), (arrival.Ticks, _order++));
    }
}
