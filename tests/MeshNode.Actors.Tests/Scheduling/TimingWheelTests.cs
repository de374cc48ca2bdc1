namespace MeshNode.Actors.Tests;

/// <summary>The wheel against a sorted list.</summary>
public sealed class TimingWheelTests
{
    private static readonly long[] Ranges =
        [10, 10_000, TimeSpan.TicksPerSecond, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour, 400 * TimeSpan.TicksPerDay, long.MaxValue / 4];

    [Fact]
    public void Work_comes_by_due_time_then_order_whatever_is_removed_and_however_time_moves()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var wheel = new TimingWheel();
            var pending = new List<ScheduledWork>();
            var now = random.NextInt64(TimeSpan.TicksPerDay);
            for (var step = 0; step < 100; step++)
            {
                switch (random.Next(6))
                {
                    case < 3:
                        var work = new ActionWork(() => { }) { Due = now + random.NextInt64(Ranges[random.Next(Ranges.Length)]), Order = step };
                        work.Due = random.Next(3) == 0 && pending.Count > 0 ? Math.Max(now, pending[^1].Due) : work.Due;
                        pending.Add(work);
                        wheel.Add(work);
                        break;
                    case 3 when pending.Count > 0:
                        var removed = pending[random.Next(pending.Count)];
                        pending.Remove(removed);
                        Assert.True(wheel.Remove(removed), $"seed {seed}");
                        Assert.False(wheel.Remove(removed), $"seed {seed}");
                        break;
                    case 4:
                        now += random.NextInt64(Ranges[random.Next(Ranges.Length - 1)]);
                        Take();
                        break;
                    case 5 when pending.Count > 0:
                        now = Math.Max(now, pending.Min(one => one.Due)); // as virtual time does
                        Take();
                        break;
                }

                var first = pending.Count == 0 ? (long?)null : pending.Min(one => one.Due);
                Assert.True(first == wheel.FirstDue(), $"seed {seed}: {wheel.FirstDue()} instead of {first}");
                Assert.True(wheel.NextLook() is { } look ? look <= first : first is null, $"seed {seed}: looks too late");
                Assert.Equal(pending.Count, wheel.Count);
            }

            now = long.MaxValue;
            Take();
            Assert.Equal(0, wheel.Count);

            void Take()
            {
                foreach (var expected in pending.Where(one => one.Due <= now).OrderBy(one => one.Due).ThenBy(one => one.Order).ToList())
                {
                    Assert.True(ReferenceEquals(expected, wheel.TakeDue(now)), $"seed {seed}");
                    pending.Remove(expected);
                }

                Assert.True(wheel.TakeDue(now) is null, $"seed {seed}: too early");
            }
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3_600)]
    [InlineData(1e8)]
    public void Looking_for_one_far_timer_again_and_again_takes_few_looks(double seconds)
    {
        var wheel = new TimingWheel();
        var due = (long)(seconds * TimeSpan.TicksPerSecond);
        wheel.Add(new ActionWork(() => { }) { Due = due });
        var looks = 0;
        long now = 0;
        while (wheel.TakeDue(now) is null)
        {
            Assert.True(wheel.NextLook() > now, "a look that finds nothing must not be repeated at once");
            now = wheel.NextLook()!.Value;
            looks++;
        }

        Assert.Equal(due, now);
        Assert.InRange(looks, 1, 9);
    }
}
