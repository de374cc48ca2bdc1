namespace MeshNode.Rtc.Sockets.Tests;

public sealed class SpinPolicyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMicroseconds(50);
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(20);
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
        var policy = new SpinPolicy(Limit);
        for (var i = 0; i < 100; i++)
        {
            policy.Record(Short, slept: false);
        }

        policy.Record(Long, slept: true);
        Assert.Equal(Limit, policy.Budget);
        policy.Record(Long, slept: true);
        Assert.Equal(TimeSpan.Zero, policy.Budget);
    }

    [Fact]
    public void A_sleep_that_looking_would_have_spared_counts_with_its_wake_up()
    {
        var policy = new SpinPolicy(Limit);
        for (var i = 0; i < 4; i++)
        {
            policy.Record(TimeSpan.FromMicroseconds(90), slept: true);
        }

        Assert.Equal(Limit, policy.Budget);
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
}
