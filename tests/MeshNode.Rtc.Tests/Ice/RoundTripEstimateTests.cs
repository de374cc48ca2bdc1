using MeshNode.Rtc.Ice;

namespace MeshNode.Rtc.Tests.Ice;

public sealed class RoundTripEstimateTests
{
    private readonly RoundTripEstimate _estimate = new();

    [Fact]
    public void A_slow_answer_during_set_up_is_forgotten_with_the_next_one()
    {
        Add(160, 2);

        Assert.Equal(TimeSpan.FromMilliseconds(2), _estimate.Value);
    }

    [Fact]
    public void Later_samples_are_smoothed()
    {
        Add(8, 8, 8, 8, 16);

        Assert.Equal(TimeSpan.FromMilliseconds(9), _estimate.Value);
    }

    [Fact]
    public void Another_pair_begins_anew()
    {
        Add(1, 1, 1, 1);
        _estimate.Reset();
        Add(50);

        Assert.Equal(TimeSpan.FromMilliseconds(50), _estimate.Value);
    }

    private void Add(params int[] milliseconds)
    {
        foreach (var sample in milliseconds)
        {
            _estimate.Add(TimeSpan.FromMilliseconds(sample));
        }
    }
}
