namespace MeshNode.Rtc.Sockets.Tests;

public sealed class SpinPolicyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(90); // a wake-up is half of it
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(5);

    [Fact]
    public void Starts_by_sleeping_and_looks_after_a_few_short_waits()
    {
        var policy = new SpinPolicy(Limit);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(TimeSpan.Zero, policy.Budget);
            policy.Record(Short, slept: true);
        }

        Assert.Equal(Limit, policy.Budget);
    }

    [Fact]
    public void An_idle_loop_never_looks()
    {
        var policy = new SpinPolicy(Limit);
        for (var i = 0; i < 1000; i++)
        {
            policy.Record(Long, slept: true);
            policy.Record(Short, slept: true); // the answer to what was sent
            Assert.Equal(TimeSpan.Zero, policy.Budget);
        }
    }

    [Fact]
    public void One_wait_in_vain_is_forgiven_and_two_end_it()
    {
        var policy = Looking(met: 100);

        policy.Record(Long, slept: true);
        Assert.Equal(Limit, policy.Budget);
        policy.Record(Long, slept: true);
        Assert.Equal(TimeSpan.Zero, policy.Budget);
        Assert.Equal(4, ShortWaitsUntilLooking(policy)); // it has paid: the next time comes as soon
    }

    [Fact]
    public void Every_second_wait_in_vain_is_too_many()
    {
        var policy = Looking(met: 100);
        for (var i = 0; i < 3; i++)
        {
            policy.Record(Short, slept: false);
            policy.Record(Short, slept: true);
        }

        Assert.Equal(TimeSpan.Zero, policy.Budget);
    }

    [Fact]
    public void Each_time_that_it_has_not_paid_it_takes_twice_as_long_to_begin_again()
    {
        var policy = Looking(met: 0);
        for (var expected = 8; expected <= 4096; expected *= 2)
        {
            Fail(policy);
            Assert.Equal(expected, ShortWaitsUntilLooking(policy));
        }

        Fail(policy);
        Assert.Equal(4096, ShortWaitsUntilLooking(policy));

        for (var i = 0; i < 64; i++)
        {
            policy.Record(Short, slept: false);
        }

        Fail(policy);
        Assert.Equal(4, ShortWaitsUntilLooking(policy));
    }

    [Fact]
    public void Zero_turns_it_off()
    {
        var policy = new SpinPolicy(TimeSpan.Zero);
        for (var i = 0; i < 100; i++)
        {
            policy.Record(TimeSpan.Zero, slept: true);
        }

        Assert.Equal(TimeSpan.Zero, policy.Budget);
    }

    private static SpinPolicy Looking(int met)
    {
        var policy = new SpinPolicy(Limit);
        ShortWaitsUntilLooking(policy);
        for (var i = 0; i < met; i++)
        {
            policy.Record(Short, slept: false);
        }

        return policy;
    }

    private static int ShortWaitsUntilLooking(SpinPolicy policy)
    {
        var count = 0;
        for (; policy.Budget == TimeSpan.Zero && count < 100_000; count++)
        {
            policy.Record(Short, slept: true);
        }

        return count;
    }

    private static void Fail(SpinPolicy policy)
    {
        policy.Record(Short, slept: true);
        policy.Record(Short, slept: true);
        Assert.Equal(TimeSpan.Zero, policy.Budget);
    }
}
