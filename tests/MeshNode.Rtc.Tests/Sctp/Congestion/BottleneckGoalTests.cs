using MeshNode.Rtc.Sctp;
using MeshNode.Rtc.Sctp.Congestion;
using MeshNode.SimNet;
using Xunit.Abstractions;

namespace MeshNode.Rtc.Tests.Sctp.Congestion;

/// <summary>What a sender has to reach over a bottleneck, whatever its congestion controller; every figure is printed with its seed.</summary>
public sealed class BottleneckGoalTests(ITestOutputHelper output)
{
    private const double Megabit = 1e6;
    private static readonly TimeSpan RoundTrip = TimeSpan.FromMilliseconds(50);

    /// <summary>100 Mbit/s, 50 ms there and back, a queue of one bandwidth-delay product.</summary>
    private static readonly SimulatedLinkOptions Path = new()
    {
        Rate = 100_000_000,
        Delay = RoundTrip / 2,
        QueueBytes = 625_000,
    };

    private static readonly SctpConfiguration Configuration = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_percent_random_loss_leaves_80_of_100_megabits(ulong seed)
    {
        var goodput = Goodput(seed, Path with { Loss = 0.01 }, "1 % loss");
        Assert.True(goodput >= 80 * Megabit, $"seed {seed}: {goodput / Megabit:F1} Mbit/s");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_clean_path_of_100_megabits_gives_95(ulong seed)
    {
        var goodput = Goodput(seed, Path, "no loss");
        Assert.True(goodput >= 95 * Megabit, $"seed {seed}: {goodput / Megabit:F1} Mbit/s");
    }

    /// <summary>Bursts of five datagrams on average, 1 % of all.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Bursts_of_loss_leave_60_of_100_megabits(ulong seed)
    {
        var goodput = Goodput(seed, Path with { BurstLoss = new GilbertElliottLoss(0.002, 0.2) }, "bursty 1 % loss");
        Assert.True(goodput >= 60 * Megabit, $"seed {seed}: {goodput / Megabit:F1} Mbit/s");
    }

    /// <summary>The queue could hold four seconds; a sender that fills it would make every channel of the peer wait for it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_link_of_1_megabit_has_no_standing_queue_above_200_ms(ulong seed)
    {
        var path = Path with { Rate = 1_000_000, QueueBytes = 500_000 };
        var network = new BottleneckNetwork(seed, path);
        var flow = network.Add(new BottleneckFlow(seed, Configuration));
        network.RunFor(TimeSpan.FromSeconds(5));
        var delays = new List<double>();
        network.OnStep = () => delays.Add(network.Forward.QueueingDelay(network.Now).TotalMilliseconds);
        var before = flow.Delivered;
        network.RunFor(TimeSpan.FromSeconds(25));
        delays.Sort();
        var (median, high) = (delays[delays.Count / 2], delays[delays.Count * 95 / 100]);
        var goodput = (flow.Delivered - before) * 8 / 25.0;
        output.WriteLine($"seed {seed}: 1 Mbit/s: queueing delay median {median:F0} ms, p95 {high:F0} ms, worst {delays[^1]:F0} ms; {goodput / Megabit:F3} Mbit/s");
        Assert.True(high <= 200, $"seed {seed}: p95 of the queueing delay is {high:F0} ms");
        Assert.True(goodput >= 0.9 * Megabit, $"seed {seed}: {goodput / Megabit:F3} Mbit/s");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Two_flows_share_within_60_to_40(ulong seed)
    {
        var network = new BottleneckNetwork(seed, Path with { Rate = 20_000_000, QueueBytes = 125_000 });
        var first = network.Add(new BottleneckFlow(seed, Configuration));
        var second = network.Add(new BottleneckFlow(seed + 100, Configuration) { StartAt = network.Now + TimeSpan.FromSeconds(3) });
        network.RunFor(TimeSpan.FromSeconds(18));
        var (firstBefore, secondBefore) = (first.Delivered, second.Delivered);
        network.RunFor(TimeSpan.FromSeconds(30));
        var (a, b) = (first.Delivered - firstBefore, second.Delivered - secondBefore);
        var share = Math.Max(a, b) / (double)(a + b);
        output.WriteLine($"seed {seed}: two flows {a * 8 / 30 / Megabit:F2} and {b * 8 / 30 / Megabit:F2} Mbit/s of 20, larger share {share:P1}");
        Assert.True(share <= 0.6, $"seed {seed}: the larger share is {share:P1}");
        Assert.True((a + b) * 8 / 30.0 >= 17 * Megabit, $"seed {seed}: {(a + b) * 8 / 30 / Megabit:F1} of 20 Mbit/s");
    }

    [Fact]
    public void A_second_flow_has_its_share_five_seconds_after_it_began()
    {
        var network = new BottleneckNetwork(1, Path with { OverheadBytes = 37 }); // of a DTLS record
        var first = network.Add(new BottleneckFlow(1, Configuration));
        var second = network.Add(new BottleneckFlow(101, Configuration) { StartAt = network.Now + TimeSpan.FromSeconds(5) });
        network.RunFor(TimeSpan.FromSeconds(10));
        var (firstBefore, secondBefore) = (first.Delivered, second.Delivered);
        network.RunFor(TimeSpan.FromSeconds(10));
        var (a, b) = (first.Delivered - firstBefore, second.Delivered - secondBefore);
        var share = Math.Max(a, b) / (double)(a + b);
        output.WriteLine($"the second of two flows: {b * 8 / 10 / Megabit:F1} of 100 Mbit/s, larger share {share:P1}");
        Assert.True(share <= 0.6, $"the larger share is {share:P1}");
    }

    /// <summary>Towards a far side with I-DATA; and without, when one message of 16 KiB at most waits in the association.</summary>
    [Theory]
    [InlineData(1, true, 262_144)]
    [InlineData(2, true, 262_144)]
    [InlineData(1, true, 1)]
    [InlineData(1, false, 1)]
    public void A_control_message_during_a_file_transfer_arrives_within_the_round_trip_and_20_ms(ulong seed, bool interleaving, long ahead)
    {
        var network = new BottleneckNetwork(seed, Path with { OverheadBytes = 37 });
        var configuration = Configuration with { Interleaving = interleaving };
        var flow = network.Add(new BottleneckFlow(seed, configuration) { ControlEvery = TimeSpan.FromMilliseconds(37), SendAhead = ahead });
        network.RunFor(TimeSpan.FromSeconds(2));
        flow.ControlDelays.Clear();
        network.RunFor(TimeSpan.FromSeconds(12));
        var worst = TimeSpan.FromTicks(flow.ControlDelays.Max());
        var median = TimeSpan.FromTicks(flow.ControlDelays.Order().ElementAt(flow.ControlDelays.Count / 2));
        output.WriteLine($"seed {seed}: control: median {median.TotalMilliseconds:F1} ms, worst {worst.TotalMilliseconds:F1} ms of {flow.ControlDelays.Count}");
        Assert.True(flow.ControlDelays.Count > 300);
        Assert.True(worst <= RoundTrip + TimeSpan.FromMilliseconds(20), $"seed {seed}: {worst.TotalMilliseconds:F1} ms");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Twenty_percent_loss_never_waits_for_a_timeout_of_10_s(ulong seed)
    {
        var lossy = Path with { Loss = 0.2 };
        var network = new BottleneckNetwork(seed, lossy, lossy);
        var flow = network.Add(new BottleneckFlow(seed, Configuration) { BulkBytes = 4_000_000 });
        var worst = TimeSpan.Zero;
        var (delivered, since) = (-1L, network.Now);
        var longestSilence = TimeSpan.Zero;
        network.OnStep = () =>
        {
            var timeout = flow.A.Statistics.RetransmissionTimeout;
            worst = flow.IsConnected && timeout > worst ? timeout : worst;
            if (flow.Delivered != delivered)
            {
                var silence = network.Now - since;
                longestSilence = flow.IsConnected && delivered > 0 && silence > longestSilence ? silence : longestSilence;
                (delivered, since) = (flow.Delivered, network.Now);
            }
        };
        Assert.True(network.RunUntil(() => flow.Delivered == flow.BulkBytes, TimeSpan.FromSeconds(120)), $"seed {seed}: {flow.Delivered} bytes arrived");
        output.WriteLine($"seed {seed}: 20 % loss both ways: 4 MB in {network.Now}, longest RTO {worst.TotalSeconds:F2} s, longest silence {longestSilence.TotalSeconds:F2} s");
        Assert.True(worst < TimeSpan.FromSeconds(5), $"seed {seed}: an RTO of {worst}");
        Assert.True(longestSilence < TimeSpan.FromSeconds(3), $"seed {seed}: silence of {longestSilence}");
    }

    /// <summary>1 Gbit/s and 1 ms there and back: what a LAN gives; pacing must not be felt.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_path_of_1_ms_is_not_slowed_by_pacing(ulong seed)
    {
        var network = new BottleneckNetwork(seed, new SimulatedLinkOptions { Rate = 1_000_000_000, Delay = TimeSpan.FromMilliseconds(0.5), QueueBytes = 500_000 });
        var flow = network.Add(new BottleneckFlow(seed, Configuration) { BulkBytes = 50_000_000 });
        Assert.True(network.RunUntil(() => flow.IsConnected, TimeSpan.FromSeconds(1)));
        var start = network.Now;
        Assert.True(network.RunUntil(() => flow.Delivered == flow.BulkBytes, TimeSpan.FromSeconds(20)));
        var rate = flow.Delivered * 8 / (network.Now - start).TotalSeconds;
        output.WriteLine($"seed {seed}: 1 ms path: {rate / Megabit:F0} Mbit/s of 1,000 from the first byte on, {flow.A.Statistics.Retransmissions} retransmissions");
        Assert.True(rate >= 900 * Megabit, $"seed {seed}: {rate / Megabit:F0} Mbit/s");
    }

    /// <summary>Why the default is the model: both have the same loss detection and pacing, and only one keeps the path filled.</summary>
    [Fact]
    public void The_default_carries_five_times_as_much_as_new_reno_under_loss()
    {
        var newReno = Configuration with { CongestionControl = CongestionControl.NewReno };
        var clean = Goodput(1, Path, "NewReno, no loss", newReno);
        var lossy = Goodput(1, Path with { Loss = 0.01 }, "NewReno, 1 % loss", newReno);
        Assert.True(clean >= 80 * Megabit, $"{clean / Megabit:F1} Mbit/s");
        Assert.True(Goodput(1, Path with { Loss = 0.01 }, "default, 1 % loss") >= 5 * lossy, $"NewReno has {lossy / Megabit:F1} Mbit/s");
    }

    /// <summary>Packets of two chunks, then a black hole for them, then packets of one: the same chunks go out alone.</summary>
    [Fact]
    public void Packets_may_grow_and_shrink_while_data_is_in_flight()
    {
        var network = new BottleneckNetwork(1, Path);
        var flow = network.Add(new BottleneckFlow(1, Configuration) { BulkBytes = 20_000_000 });
        network.RunFor(TimeSpan.FromSeconds(0.5));
        var small = flow.A.MaxPacketSize;
        flow.A.MaxPacketSize = (2 * small) - 12;
        network.RunFor(TimeSpan.FromSeconds(0.5));
        Assert.True(flow.Delivered > 1_000_000, $"{flow.Delivered} bytes");
        network.Forward.Options = Path with { Mtu = small };
        network.RunFor(TimeSpan.FromSeconds(0.3));
        Assert.True(network.Forward.TooLarge > 0, "nothing was too large");
        flow.A.MaxPacketSize = small;
        var start = network.Now;
        Assert.True(network.RunUntil(() => flow.Delivered == flow.BulkBytes, TimeSpan.FromSeconds(10)), $"{flow.Delivered} bytes arrived");
        output.WriteLine($"black hole: {network.Forward.TooLarge} packets vanished, all arrived {network.Now - start} after the size was lowered");
        Assert.True(flow.A.IsConsistent() && flow.B.IsConsistent());
    }

    private double Goodput(ulong seed, SimulatedLinkOptions path, string name, SctpConfiguration? configuration = null)
    {
        var network = new BottleneckNetwork(seed, path);
        var flow = network.Add(new BottleneckFlow(seed, configuration ?? Configuration));
        network.RunFor(TimeSpan.FromSeconds(2));
        var delays = new List<double>();
        network.OnStep = () => delays.Add(network.Forward.QueueingDelay(network.Now).TotalMilliseconds);
        var before = flow.Delivered;
        const double Seconds = 10;
        network.RunFor(TimeSpan.FromSeconds(Seconds));
        var goodput = (flow.Delivered - before) * 8 / Seconds;
        delays.Sort();
        output.WriteLine(
            $"seed {seed}: {name}: {goodput / Megabit:F1} Mbit/s of {path.Rate / Megabit:F0}, queue median {delays[delays.Count / 2]:F1} ms, worst {delays[^1]:F1} ms, "
            + $"{network.Forward.Dropped} dropped, {network.Forward.Lost} lost, {flow.A.Statistics.Retransmissions} retransmissions");
        return goodput;
    }
}
