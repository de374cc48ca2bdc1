using MeshNode.Mesh.Peers;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Tests.Peers;

public sealed class ReconnectScheduleTests
{
    private static ReconnectSchedule Schedule(TimeSpan jitter) =>
        new(new ReconnectOptions { MaximumJitter = jitter, Attempts = 6 }, new SeededRandomSource(1));

    [Fact]
    public void Two_ice_restarts_come_before_a_new_connection()
    {
        var schedule = Schedule(TimeSpan.Zero);

        Assert.Equal(ReconnectStep.IceRestart, schedule.Next(connectionAlive: true).Step);
        Assert.Equal(ReconnectStep.IceRestart, schedule.Next(connectionAlive: true).Step);
        Assert.Equal(ReconnectStep.NewConnection, schedule.Next(connectionAlive: true).Step);
    }

    [Fact]
    public void A_dead_connection_is_not_restarted() =>
        Assert.Equal(ReconnectStep.NewConnection, Schedule(TimeSpan.Zero).Next(connectionAlive: false).Step);

    [Fact]
    public void Delays_double_to_the_maximum_and_then_it_gives_up()
    {
        var schedule = Schedule(TimeSpan.Zero);

        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30])
        {
            Assert.Equal((ReconnectStep.NewConnection, TimeSpan.FromSeconds(seconds)), schedule.Next(connectionAlive: false));
        }

        Assert.Equal(ReconnectStep.GiveUp, schedule.Next(connectionAlive: false).Step);
    }

    [Fact]
    public void Jitter_stays_within_its_bound_and_varies()
    {
        var delays = Enumerable.Range(0, 100)
            .Select(seed => new ReconnectSchedule(new ReconnectOptions(), new SeededRandomSource((ulong)seed)).Next(false).Delay)
            .ToArray();

        Assert.All(delays, delay => Assert.InRange(delay.TotalSeconds, 1, 2));
        Assert.True(delays.Distinct().Count() > 50);
    }

    [Fact]
    public void Success_starts_over()
    {
        var schedule = Schedule(TimeSpan.Zero);
        schedule.Next(connectionAlive: false);
        schedule.Next(connectionAlive: false);

        schedule.Reset();

        Assert.Equal(0, schedule.Attempt);
        Assert.Equal(TimeSpan.FromSeconds(1), schedule.Next(connectionAlive: false).Delay);
    }
}
