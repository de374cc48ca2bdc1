using System.Diagnostics;

namespace MeshNode.Benchmarks.Links;

/// <summary>
/// A link in user space: a thread that takes datagrams of flows from sockets, lets them queue, wait and get lost, and gives
/// them to the far side. All flows share the two directions.
/// </summary>
internal sealed class LinkEmulator : IDisposable
{
    /// <summary>Nanoseconds between two looks at the sockets while something is under way; deliveries are late by this at most.</summary>
    private const long Tick = 200_000;

    /// <summary>Of a sleep while nothing is under way; new flows are seen after it.</summary>
    private const long IdleTick = 5_000_000;

    /// <summary>A thread that was kept from running does not take the link's capacity along, up to this.</summary>
    private const long MaxBacklog = 5_000_000;

    private const int BatchSize = 256;

    private readonly Thread _thread;
    private readonly Lock _lock = new();
    private readonly Queue<Datagram> _forward = new();
    private readonly Queue<Datagram> _back = new();
    private readonly Stack<byte[]> _buffers = new();
    private readonly byte[] _address = new byte[LinuxSockets.AddressLength];
    private LinkFlow[] _flows = [];
    private volatile bool _stopping;

    public LinkEmulator(LinkSettings settings)
    {
        Forward = new LinkDirection(settings, settings.Seed);
        Back = new LinkDirection(settings, settings.Seed + 1);
        _thread = new Thread(Run) { IsBackground = true, Name = "link" };
        _thread.Start();
    }

    /// <summary>Nanoseconds of the monotonic clock.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>From offerers to answerers. Its counters may be a moment old.</summary>
    public LinkDirection Forward { get; }

    public LinkDirection Back { get; }

    /// <summary>What the thread could not hand to the kernel.</summary>
    public long NotSent { get; private set; }

    public LinkFlow AddFlow()
    {
        var flow = new LinkFlow();
        lock (_lock)
        {
            _flows = [.. _flows, flow];
        }

        return flow;
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (var flow in _flows)
        {
            flow.Dispose();
        }
    }

    private void Run()
    {
        Prefer();
        var lastRead = Now;
        while (!_stopping)
        {
            LinkFlow[] flows;
            lock (_lock)
            {
                flows = _flows;
            }

            var now = Now;
            var arrivedAt = Math.Max(lastRead, now - MaxBacklog);
            foreach (var flow in flows)
            {
                Receive(flow.TowardOfferer, flow.TowardAnswerer, Forward, _forward, arrivedAt, now);
                Receive(flow.TowardAnswerer, flow.TowardOfferer, Back, _back, arrivedAt, now);
            }

            lastRead = now;
            now = Now;
            Deliver(_forward, now);
            Deliver(_back, now);
            Sleep(flows, isBusy: _forward.Count + _back.Count > 0);
        }
    }

    /// <summary>A link does not wait for a processor: before all others where that is allowed, else before most.</summary>
    private static unsafe void Prefer()
    {
        const int Fifo = 1;
        var priority = 1;
        if (LinuxSockets.SetScheduler(0, Fifo, &priority) != 0)
        {
            _ = LinuxSockets.SetPriority(0, 0, -15);
        }
    }

    private unsafe void Receive(LinkSocket from, LinkSocket to, LinkDirection direction, Queue<Datagram> line, long arrivedAt, long now)
    {
        for (var i = 0; i < BatchSize; i++)
        {
            var buffer = _buffers.TryPop(out var used) ? used : new byte[LinkSettings.JumboDatagram];
            nint length;
            var addressLength = (uint)_address.Length;
            fixed (byte* bytes = buffer, address = _address)
            {
                length = LinuxSockets.ReceiveFrom(from.Handle, bytes, buffer.Length, LinuxSockets.DoNotWait, address, ref addressLength);
            }

            if (length < 0)
            {
                _buffers.Push(buffer);
                return;
            }

            if (from.Peer is null || !from.Peer.AsSpan(0, 8).SequenceEqual(_address.AsSpan(0, 8)))
            {
                from.Peer = [.. _address];
            }

            if (direction.TryAccept(arrivedAt, now, (int)length, out var deliverAt))
            {
                line.Enqueue(new Datagram(to, buffer, (int)length, deliverAt));
            }
            else
            {
                _buffers.Push(buffer);
            }
        }
    }

    private unsafe void Deliver(Queue<Datagram> line, long now)
    {
        while (line.TryPeek(out var datagram) && datagram.DeliverAt <= now)
        {
            line.Dequeue();
            if (datagram.To.Peer is { } peer)
            {
                nint sent;
                fixed (byte* bytes = datagram.Buffer, address = peer)
                {
                    sent = LinuxSockets.SendTo(
                        datagram.To.Handle, bytes, datagram.Length, LinuxSockets.DoNotWait, address, LinuxSockets.AddressLength);
                }

                if (sent < 0)
                {
                    NotSent++; // ICMP errors of a peer that has gone come this way, too
                }
                else
                {
                    datagram.To.Delivered += datagram.Length;
                }
            }

            _buffers.Push(datagram.Buffer);
        }
    }

    private static unsafe void Sleep(LinkFlow[] flows, bool isBusy)
    {
        // While something is under way time decides; otherwise the next datagram does.
        var timeout = new LinuxSockets.TimeSpec { Nanoseconds = (nint)(isBusy ? Tick : IdleTick) };
        var count = isBusy ? 0 : flows.Length * 2;
        var entries = stackalloc LinuxSockets.PollEntry[Math.Max(1, count)];
        for (var i = 0; i < count; i++)
        {
            var flow = flows[i / 2];
            entries[i] = new() { Socket = (i % 2 == 0 ? flow.TowardOfferer : flow.TowardAnswerer).Handle, Events = LinuxSockets.PollIn };
        }

        _ = LinuxSockets.Poll(entries, (nuint)count, &timeout, 0);
    }

    private readonly record struct Datagram(LinkSocket To, byte[] Buffer, int Length, long DeliverAt);
}
