using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Tests.Sctp;

/// <summary>Two associations in virtual time over a link that swallows what exceeds its MTU.</summary>
internal sealed class PathMtuPair
{
    public const int Base = 1160;
    public static readonly int[] Larger = [1192, 1212, 1332, 1352, 1384, 1404, 1412, 1432, 3992, 8912, 16380];

    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(10);

    private readonly List<(MonotonicTime Due, bool ToB, byte[] Packet)> _wire = [];
    private readonly byte[] _buffer;
    private readonly SeededRandomSource _loss;

    public PathMtuPair(ulong seed, int bufferSize = 20_000)
    {
        var configuration = new SctpConfiguration { LargerPacketSizes = Larger, MaxRetransmissions = 1000 };
        A = new SctpAssociation(configuration, new SeededRandomSource(seed ^ 21), new SeededRandomSource(seed ^ 22));
        B = new SctpAssociation(configuration, new SeededRandomSource(seed ^ 23), new SeededRandomSource(seed ^ 24));
        _loss = new SeededRandomSource(seed);
        _buffer = new byte[bufferSize];
        A.Associate(Now);
        Drain();
        Run(TimeSpan.FromMilliseconds(200));
        Assert.Equal(SctpState.Established, A.State);
    }

    public SctpAssociation A { get; }

    public SctpAssociation B { get; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1000);

    /// <summary>Bytes of a packet that the link takes.</summary>
    public int LinkMtu { get; set; } = int.MaxValue;

    /// <summary>0 to 1: packets that are lost whatever their size.</summary>
    public double Loss { get; set; }

    /// <summary>Probes that A sent, by size.</summary>
    public List<int> Probes { get; } = [];

    public int PacketsOfA { get; private set; }

    public List<byte[]> Received { get; } = [];

    public void Send(int count, int size, int first = 0)
    {
        for (var i = 0; i < count; i++)
        {
            var message = new byte[size];
            BitConverter.TryWriteBytes(message, first + i);
            Assert.True(A.TrySend(Now, new StreamId(1), 51, message, default));
        }

        Drain();
    }

    public void Run(TimeSpan time, Func<bool>? until = null)
    {
        var end = Now + time;
        while (until?.Invoke() != true)
        {
            var next = MonotonicTime.Earliest(A.NextTimeout, B.NextTimeout);
            foreach (var (due, _, _) in _wire)
            {
                next = MonotonicTime.Earliest(next, due);
            }

            if (next is not { } moment || moment > end)
            {
                Now = end;
                return;
            }

            Now = moment > Now ? moment : Now;
            foreach (var (_, toB, packet) in _wire.Where(w => w.Due <= Now).ToList())
            {
                (toB ? B : A).HandlePacket(Now, packet);
            }

            _wire.RemoveAll(w => w.Due <= Now);
            A.HandleTimeout(Now);
            B.HandleTimeout(Now);
            Drain();
        }
    }

    private void Drain()
    {
        while (B.TryReadEvent(out var sctpEvent))
        {
            if (sctpEvent.Kind == SctpEventKind.Message)
            {
                Received.Add(sctpEvent.Buffer.AsSpan(0, sctpEvent.Length).ToArray());
                B.ReleaseWindow(sctpEvent.Length);
            }
        }

        while (A.TryTransmit(Now, _buffer, out var length))
        {
            PacketsOfA++;
            if ((ChunkType)_buffer[12] == ChunkType.Heartbeat && length >= Base)
            {
                Probes.Add(length);
            }

            Put(toB: true, length);
        }

        while (B.TryTransmit(Now, _buffer, out var length))
        {
            Put(toB: false, length);
        }
    }

    private void Put(bool toB, int length)
    {
        if (length <= LinkMtu && _loss.NextDouble() >= Loss)
        {
            _wire.Add((Now + Delay, toB, _buffer.AsSpan(0, length).ToArray()));
        }
    }
}
