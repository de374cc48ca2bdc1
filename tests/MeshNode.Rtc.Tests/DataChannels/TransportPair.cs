using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.DataChannels;

/// <summary>Two transports joined by two simulated links, stepped from deadline to deadline in virtual time.</summary>
internal sealed class TransportPair
{
    public static readonly DataChannelTransportConfiguration Default = new();

    /// <summary>A side that knows DATA only.</summary>
    public static readonly DataChannelTransportConfiguration WithoutInterleaving = new() { Sctp = new SctpConfiguration { Interleaving = false } };

    private readonly byte[] _buffer = new byte[65536];

    /// <summary>Sides without a configuration speak I-DATA, or at half of the seeds DATA.</summary>
    public TransportPair(
        ulong seed, SimulatedLinkOptions? link = null, DataChannelTransportConfiguration? a = null, DataChannelTransportConfiguration? b = null, RandomSource? secureA = null)
    {
        var common = seed / 2 % 2 == 0 ? Default : WithoutInterleaving;
        link ??= new SimulatedLinkOptions { Delay = TimeSpan.FromMilliseconds(10) };
        A = new TransportEnd(new DataChannelTransport(a ?? common, new SeededRandomSource(seed ^ 1), secureA ?? new SeededRandomSource(seed ^ 2)), new SimulatedLink(seed ^ 3, link));
        B = new TransportEnd(new DataChannelTransport(b ?? common, new SeededRandomSource(seed ^ 4), new SeededRandomSource(seed ^ 5)), new SimulatedLink(seed ^ 6, link));
        A.Transport.SetDtlsRole(true);
        B.Transport.SetDtlsRole(false);
        A.Transport.SetRemoteMaxMessageSize(B.Transport.Configuration.MaxMessageSize);
        B.Transport.SetRemoteMaxMessageSize(A.Transport.Configuration.MaxMessageSize);
    }

    public TransportEnd A { get; }

    public TransportEnd B { get; }

    public MonotonicTime Now { get; private set; } = MonotonicTime.FromMilliseconds(1000);

    /// <summary>Packets handed to the links.</summary>
    public long Packets { get; private set; }

    public void Connect()
    {
        A.Transport.Start(Now);
        B.Transport.Start(Now);
        Assert.True(RunUntil(() => A.IsConnected && B.IsConnected, TimeSpan.FromSeconds(60)), "not connected");
    }

    /// <summary>Steps until the condition holds; false when the time is over or nothing is left to happen.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (true)
        {
            Pump();
            if (condition())
            {
                return true;
            }

            var next = MonotonicTime.Earliest(
                MonotonicTime.Earliest(A.Transport.NextTimeout, B.Transport.NextTimeout),
                MonotonicTime.Earliest(A.Link.NextArrival, B.Link.NextArrival));
            if (next is not { } at || at > end)
            {
                return false;
            }

            Now = at > Now ? at : Now;
            Deliver(A.Link, B.Transport);
            Deliver(B.Link, A.Transport);
            A.Transport.HandleTimeout(Now);
            B.Transport.HandleTimeout(Now);
        }
    }

    /// <summary>Steps until the time is over.</summary>
    public void RunFor(TimeSpan time) => RunUntil(() => false, time);

    private void Pump()
    {
        bool moved;
        do
        {
            moved = Pump(A) | Pump(B);
        }
        while (moved);
    }

    private bool Pump(TransportEnd end)
    {
        var moved = end.ReadEvents();
        while (end.Transport.TryTransmit(Now, _buffer, out var length))
        {
            Packets++;
            end.Link.Send(Now, _buffer.AsSpan(0, length));
            moved = true;
        }

        return moved;
    }

    private void Deliver(SimulatedLink link, DataChannelTransport receiver)
    {
        while (link.TryReceive(Now, out var packet))
        {
            receiver.HandlePacket(Now, packet);
        }
    }
}
