using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.Rtc.Tests.Sctp.Congestion;

public sealed class PacerTests
{
    private const int Packet = 1200;
    private const double Rate = 12_500_000; // bytes a second: 100 Mbit/s

    [Fact]
    public void A_second_at_100_megabits_takes_a_thousand_wake_ups_and_not_ten_thousand()
    {
        var (bytes, wakeUps, _) = Run(Rate, TimeSpan.Zero);
        Assert.InRange(bytes, Rate * 0.98, Rate * 1.02);
        Assert.InRange(wakeUps, 500, 1_100);
    }

    [Fact]
    public void Half_a_gigabyte_a_second_leaves_in_batches_of_hundreds()
    {
        var (bytes, wakeUps, largest) = Run(500_000_000, TimeSpan.Zero);
        Assert.InRange(bytes, 490_000_000, 510_000_000);
        Assert.True(wakeUps < 1_100, $"{wakeUps} wake-ups");
        Assert.True(largest >= 54, $"at most {largest} packets at once");
    }

    [Fact]
    public void An_owner_that_wakes_up_3_ms_late_sends_as_much()
    {
        var (bytes, _, _) = Run(Rate, TimeSpan.FromMilliseconds(3));
        Assert.InRange(bytes, Rate * 0.97, Rate * 1.02);
    }

    [Fact]
    public void Idleness_earns_5_ms_and_not_more()
    {
        var pacer = new Pacer();
        pacer.SetRate(Rate, Packet);
        var now = MonotonicTime.FromMilliseconds(1_000_000);
        var sent = 0;
        while (!pacer.IsBlocked(now))
        {
            pacer.OnSent(now, Packet);
            sent += Packet;
        }

        Assert.InRange(sent, Rate * 0.004, Rate * 0.006);
    }

    [Fact]
    public void Without_a_rate_nothing_waits()
    {
        var pacer = new Pacer();
        pacer.SetRate(1000, Packet);
        pacer.OnSent(MonotonicTime.Zero, 100 * Packet);
        Assert.True(pacer.IsBlocked(MonotonicTime.Zero));
        pacer.SetRate(0, Packet);
        Assert.False(pacer.IsBlocked(MonotonicTime.Zero));
    }

    private static (double Bytes, int WakeUps, int LargestBatch) Run(double rate, TimeSpan lateness)
    {
        var pacer = new Pacer();
        pacer.SetRate(rate, Packet);
        var now = MonotonicTime.FromMilliseconds(1000);
        var end = now + TimeSpan.FromSeconds(1);
        var (bytes, wakeUps, largest) = (0.0, 0, 0);
        while (now < end)
        {
            var batch = 0;
            for (; !pacer.IsBlocked(now); batch++)
            {
                pacer.OnSent(now, Packet);
            }

            bytes += batch * (double)Packet;
            largest = Math.Max(largest, batch);
            wakeUps++;
            now = new MonotonicTime(pacer.ReleaseAt) + lateness;
        }

        return (bytes, wakeUps, largest);
    }
}
