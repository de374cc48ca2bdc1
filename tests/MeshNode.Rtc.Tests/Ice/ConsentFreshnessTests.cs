using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Ice;

public sealed class ConsentFreshnessTests
{
    private static readonly IceAgentConfiguration Configuration = new();

    [Fact]
    public void Checks_are_between_four_and_six_seconds_apart_and_spread_over_all_of_it()
    {
        var consent = new ConsentFreshness(Configuration, new SeededRandomSource(1));
        var now = MonotonicTime.FromMilliseconds(12_345.678);
        consent.Start(now, now);
        var intervals = new List<double>();
        for (var i = 0; i < 2_000; i++)
        {
            var next = consent.NextCheck!.Value;
            intervals.Add((next - now).TotalMilliseconds);
            now = next + TimeSpan.FromTicks(i % 5_000); // the loop is a little late
            consent.OnCheckSent(now);
            consent.OnResponse(now);
        }

        Assert.All(intervals, interval => Assert.InRange(interval, 4_000, 6_000));
        Assert.InRange(intervals.Min(), 4_000, 4_150);
        Assert.InRange(intervals.Max(), 5_850, 6_000);
        Assert.InRange(intervals.Average(), 4_850, 5_050);
    }

    [Fact]
    public void Checks_of_many_connections_fall_on_few_moments()
    {
        var moments = new HashSet<MonotonicTime>();
        for (var i = 0; i < 10_000; i++)
        {
            var consent = new ConsentFreshness(Configuration, new SeededRandomSource((ulong)i));
            var now = MonotonicTime.FromMilliseconds(1_000 + (i / 100.0));
            consent.Start(now, now);
            moments.Add(consent.NextCheck!.Value);
        }

        Assert.InRange(moments.Count, 20, 22);
    }
}
