using MeshNode.Rtc.DataChannels;
using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Tests.DataChannels;
using MeshNode.SimNet;

namespace MeshNode.Rtc.Tests.Sctp;

public sealed class ReceiveWindowTests
{
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(500);
    private static readonly SctpConfiguration Configuration = new() { ReceiveWindow = 300_000, MaxReceiveWindow = 5_000_000 };

    [Fact]
    public void Grows_to_twice_what_was_read_in_a_round_trip_and_no_further_than_allowed()
    {
        var window = new ReceiveWindow(Configuration);
        var now = MonotonicTime.FromMilliseconds(1000);
        int[] limits = [300_000, 600_000, 1_200_000, 2_400_000, 4_800_000, 5_000_000, 5_000_000];
        foreach (var limit in limits)
        {
            window.Tune(now, RoundTrip);
            Assert.InRange(window.Limit, limit * 0.99, limit * 1.01);
            for (var read = 0; read + 10_000 <= window.Limit; read += 10_000)
            {
                window.Deliver(10_000 - ReceiveWindow.Overhead);
                window.Release(10_000 - ReceiveWindow.Overhead);
            }

            now += RoundTrip;
        }
    }

    [Fact]
    public void Stays_for_a_reader_that_takes_less_than_half_of_it_and_for_one_that_stops()
    {
        var window = new ReceiveWindow(Configuration);
        var now = MonotonicTime.FromMilliseconds(1000);
        for (var i = 0; i < 20; i++)
        {
            window.Tune(now, RoundTrip);
            window.Deliver(140_000);
            window.Release(140_000);
            now += RoundTrip;
        }

        for (var i = 0; i < 20; i++)
        {
            window.Tune(now, RoundTrip);
            window.Deliver(10_000);
            now += RoundTrip;
        }

        window.Release(10_000);
        window.Release(10_000);
        now += TimeSpan.FromMinutes(1); // much was read, but over a long time
        for (var i = 0; i < 18; i++)
        {
            window.Release(10_000);
        }

        window.Tune(now, RoundTrip);
        window.Tune(now, null);
        Assert.Equal(300_000, window.Limit);
    }

    [Fact]
    public void Advertises_nothing_rather_than_less_than_a_packet()
    {
        var window = new ReceiveWindow(Configuration);
        window.Deliver(300_000 - ReceiveWindow.Overhead - 1160);
        Assert.Equal(1160u, window.Advertised);
        window.Take(1);
        Assert.Equal(0u, window.Advertised);
    }

    [Theory]
    [InlineData(16, 10, 24)] // 11 of them are slow start's
    [InlineData(1, 55, 90)] // the control: 60 MB by 1 MiB a round trip
    public void A_long_path_fills_when_the_window_may_grow(int maxMegabytes, int least, int most)
    {
        var configuration = new DataChannelTransportConfiguration { Sctp = new SctpConfiguration { MaxReceiveWindow = maxMegabytes << 20 } };
        var pair = new TransportPair(1, new SimulatedLinkOptions { Delay = RoundTrip / 2 }, configuration, configuration);
        var channel = pair.A.Transport.CreateDataChannel(pair.Now, "x", new DataChannelInit());
        pair.Connect();
        var received = 0L;
        pair.B.OnMessage = (_, data) => received += data.Length;
        var total = 0L;
        var start = pair.Now;
        while (total < 60_000_000)
        {
            while (channel.Send(pair.Now, new byte[65536], DataChannelMessageKind.Binary) == DataChannelSendResult.Sent)
            {
                total += 65536;
            }

            Assert.True(pair.RunUntil(() => channel.BufferedAmount < 8_000_000, TimeSpan.FromMinutes(5)));
        }

        Assert.True(pair.RunUntil(() => received == total, TimeSpan.FromMinutes(5)));
        Assert.InRange((pair.Now - start) / RoundTrip, least, most);
    }
}
