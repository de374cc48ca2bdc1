using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sctp.Congestion;

/// <summary>The bottleneck that the goals are measured over does what its options say.</summary>
public sealed class SimulatedLinkTests
{
    private static readonly MonotonicTime Start = MonotonicTime.FromMilliseconds(1000);

    [Fact]
    public void A_datagram_takes_its_turn_at_the_rate_and_then_the_delay()
    {
        var link = new SimulatedLink(1, new SimulatedLinkOptions { Rate = 8_000_000, Delay = TimeSpan.FromMilliseconds(10), OverheadBytes = 28 });
        link.Send(Start, new byte[972], 3);
        link.Send(Start, new byte[972], 4);
        Assert.Equal(2, link.QueueingDelay(Start).TotalMilliseconds);
        Assert.Equal(Start + TimeSpan.FromMilliseconds(11), link.NextArrival);
        Assert.True(link.TryReceive(Start + TimeSpan.FromMilliseconds(12), out _, out var first));
        Assert.True(link.TryReceive(Start + TimeSpan.FromMilliseconds(12), out _, out var second));
        Assert.Equal((3, 4), (first, second));
    }

    [Fact]
    public void A_full_queue_drops_what_comes_last()
    {
        var link = new SimulatedLink(1, new SimulatedLinkOptions { Rate = 8_000_000, QueueBytes = 3_500 });
        for (var i = 0; i < 5; i++)
        {
            link.Send(Start, new byte[1000]);
        }

        Assert.Equal((3, 2), (link.Carried, link.Dropped));
        link.Send(Start + TimeSpan.FromMilliseconds(1), new byte[1000]);
        Assert.Equal(4, link.Carried);
    }

    [Fact]
    public void What_exceeds_the_mtu_vanishes()
    {
        var link = new SimulatedLink(1, new SimulatedLinkOptions { Mtu = 1200 });
        link.Send(Start, new byte[1200]);
        link.Send(Start, new byte[1201]);
        Assert.Equal((1, 1), (link.Carried, link.TooLarge));
    }

    [Fact]
    public void Bursts_of_loss_have_the_mean_rate_and_length_of_their_chain()
    {
        var link = new SimulatedLink(7, new SimulatedLinkOptions { BurstLoss = new GilbertElliottLoss(0.002, 0.2) });
        var (bursts, wasLost) = (0, false);
        const int Count = 200_000;
        for (var i = 0; i < Count; i++)
        {
            var before = link.Lost;
            link.Send(Start, [1]);
            var isLost = link.Lost > before;
            bursts += isLost && !wasLost ? 1 : 0;
            wasLost = isLost;
        }

        Assert.InRange(link.Lost / (double)Count, 0.008, 0.012); // 0.002 / (0.002 + 0.2)
        Assert.InRange(link.Lost / (double)bursts, 4.5, 5.5);
    }
}
