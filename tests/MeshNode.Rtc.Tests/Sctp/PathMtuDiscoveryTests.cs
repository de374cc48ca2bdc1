namespace MeshNode.Rtc.Tests.Sctp;

public sealed class PathMtuDiscoveryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1160, 1160)]
    [InlineData(1200, 1192)]
    [InlineData(1440, 1432)]
    [InlineData(1431, 1412)]
    [InlineData(9000, 8912)]
    [InlineData(65536, 16380)]
    public void The_largest_size_that_the_link_takes_is_found(int link, int expected)
    {
        var pair = new PathMtuPair(1) { LinkMtu = link };
        pair.Send(10, 10_000);
        pair.Run(Minute);

        Assert.Equal(expected, pair.A.MaxPacketSize);
        Assert.Equal(10, pair.Received.Count);
        Assert.Equal(0, pair.A.Statistics.Retransmissions); // probes cost no data
        Assert.Equal(PathMtuPair.Base, pair.B.MaxPacketSize); // it has sent nothing
    }

    [Fact]
    public void A_path_that_takes_all_is_known_two_round_trips_after_the_data_that_made_it_worthwhile()
    {
        var pair = new PathMtuPair(2);
        pair.Send(10, 10_000);
        var start = pair.Now;
        pair.Run(Minute, () => pair.A.MaxPacketSize == 16380);

        Assert.Equal([PathMtuPair.Base, 16380], pair.Probes);
        Assert.InRange((pair.Now - start).TotalMilliseconds, 40, 100);
    }

    [Theory]
    [InlineData(1432, 1432)]
    [InlineData(1431, 1412)]
    [InlineData(1160, 1160)]
    public void A_far_side_that_takes_less_than_the_path_is_sent_no_more(int limit, int expected)
    {
        var pair = new PathMtuPair(12);
        pair.A.LimitPacketSize(limit);
        pair.Send(20, 10_000);
        pair.Run(Minute);

        Assert.Equal(expected, pair.A.MaxPacketSize);
        Assert.DoesNotContain(pair.Probes, size => size > limit);
        Assert.Equal(20, pair.Received.Count);
    }

    [Fact]
    public void Little_data_and_idleness_send_no_probe()
    {
        var pair = new PathMtuPair(3);
        pair.Send(6, 10_000);
        pair.Run(TimeSpan.FromHours(1));

        Assert.Empty(pair.Probes);
    }

    [Fact]
    public void Larger_packets_bundle_chunks_of_the_base_size()
    {
        var pair = new PathMtuPair(4);
        pair.Send(10, 10_000);
        pair.Run(Minute);
        var before = pair.PacketsOfA;
        pair.Send(10, 10_000);
        pair.Run(Minute);

        Assert.InRange(pair.PacketsOfA - before, 7, 12); // 90 at the base size
        Assert.Equal(20, pair.Received.Count);
    }

    [Theory]
    [InlineData(1160)]
    [InlineData(1440)]
    public void A_black_hole_falls_back_to_the_base_and_loses_nothing(int link)
    {
        var pair = new PathMtuPair(5);
        pair.Send(10, 10_000);
        pair.Run(Minute);
        Assert.Equal(16380, pair.A.MaxPacketSize);

        pair.LinkMtu = link;
        pair.Send(30, 10_000, first: 10);
        var start = pair.Now;
        pair.Run(Minute, () => pair.Received.Count == 40);

        Assert.Equal(Enumerable.Range(0, 40), pair.Received.Select(message => BitConverter.ToInt32(message)));
        Assert.InRange((pair.Now - start).TotalSeconds, 0, 2); // a T3-rtx, and slow start
        pair.Run(Minute);
        Assert.Equal(link == 1160 ? 1160 : 1432, pair.A.MaxPacketSize);
    }

    [Fact]
    public void A_link_that_takes_more_later_is_noticed_after_the_raise_timer()
    {
        var pair = new PathMtuPair(6) { LinkMtu = 1440 };
        pair.Send(10, 10_000);
        pair.Run(Minute);
        Assert.Equal(1432, pair.A.MaxPacketSize);

        pair.LinkMtu = int.MaxValue;
        pair.Run(TimeSpan.FromSeconds(500));
        Assert.Equal(1432, pair.A.MaxPacketSize);
        pair.Run(TimeSpan.FromSeconds(200));
        Assert.Equal(16380, pair.A.MaxPacketSize);
    }

    [Fact]
    public void A_new_path_begins_with_the_base()
    {
        var pair = new PathMtuPair(7);
        pair.Send(10, 10_000);
        pair.Run(Minute);
        pair.LinkMtu = 1300;

        pair.A.HandlePathChange(pair.Now);

        Assert.Equal(PathMtuPair.Base, pair.A.MaxPacketSize);
        pair.Send(10, 10_000);
        pair.Run(Minute);
        Assert.Equal(1212, pair.A.MaxPacketSize);
        Assert.Equal(0, pair.A.Statistics.Retransmissions);
    }

    [Fact]
    public void What_the_first_hop_refuses_is_not_tried_again_and_costs_no_time()
    {
        var pair = new PathMtuPair(8) { LinkMtu = 1440 };
        pair.Send(10, 10_000);
        var start = pair.Now;
        for (var seen = 0; pair.A.MaxPacketSize != 1432 || seen < pair.Probes.Count;)
        {
            if (seen < pair.Probes.Count && pair.Probes[seen++] is var size && size > pair.LinkMtu)
            {
                pair.A.HandlePacketTooBig(pair.Now, size);
            }

            pair.Run(TimeSpan.FromMilliseconds(1));
            Assert.True(pair.Now - start < Minute);
        }

        Assert.Equal(pair.Probes.Distinct(), pair.Probes);
        Assert.InRange((pair.Now - start).TotalMilliseconds, 0, 300);
    }

    [Fact]
    public void A_first_hop_that_takes_less_than_the_size_in_use_ends_it_at_once()
    {
        var pair = new PathMtuPair(9);
        pair.Send(10, 10_000);
        pair.Run(Minute);

        pair.A.HandlePacketTooBig(pair.Now, 16380);

        Assert.Equal(PathMtuPair.Base, pair.A.MaxPacketSize);
    }

    [Fact]
    public void Small_buffers_bound_the_search()
    {
        var pair = new PathMtuPair(10, bufferSize: 1400);
        pair.Send(10, 10_000);
        pair.Run(Minute);

        Assert.Equal(1384, pair.A.MaxPacketSize);
        Assert.Equal(10, pair.Received.Count);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void Loss_never_takes_it_above_what_the_link_takes(double loss)
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var pair = new PathMtuPair(seed) { LinkMtu = 1440, Loss = loss };
            pair.Send(15, 10_000);
            pair.Run(TimeSpan.FromHours(1), () => pair.Received.Count == 15);

            Assert.True(pair.Received.Count == 15, $"seed {seed}: {pair.Received.Count} arrived");
            Assert.True(pair.A.MaxPacketSize <= 1432, $"seed {seed}: {pair.A.MaxPacketSize}");
        }
    }
}
