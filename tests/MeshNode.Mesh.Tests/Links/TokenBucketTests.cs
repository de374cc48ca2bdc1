using MeshNode.Mesh.Links;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Links;

public sealed class TokenBucketTests
{
    private readonly TokenBucket _bucket = new(ratePerSecond: 10, burst: 3);

    [Fact]
    public void Burst_passes_and_then_the_rate()
    {
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => _bucket.TryTake(MonotonicTime.Zero)));
        Assert.False(_bucket.TryTake(MonotonicTime.FromMilliseconds(99)));
        Assert.True(_bucket.TryTake(MonotonicTime.FromMilliseconds(101)));
        Assert.False(_bucket.TryTake(MonotonicTime.FromMilliseconds(102)));
    }

    [Fact]
    public void Idle_time_saves_up_no_more_than_the_burst()
    {
        Assert.True(_bucket.TryTake(MonotonicTime.Zero, 3));
        var later = MonotonicTime.FromMilliseconds(1_000_000);

        Assert.True(_bucket.TryTake(later, 3));
        Assert.False(_bucket.TryTake(later));
    }

    [Fact]
    public void Refused_take_takes_nothing()
    {
        Assert.True(_bucket.TryTake(MonotonicTime.Zero, 2));
        Assert.False(_bucket.TryTake(MonotonicTime.Zero, 2));
        Assert.True(_bucket.TryTake(MonotonicTime.Zero, 1));
    }

    [Fact]
    public void Time_that_seems_to_go_back_gives_nothing()
    {
        Assert.True(_bucket.TryTake(MonotonicTime.FromMilliseconds(1000), 3));
        Assert.False(_bucket.TryTake(MonotonicTime.Zero));
        Assert.False(_bucket.TryTake(MonotonicTime.FromMilliseconds(1050)));
    }
}
