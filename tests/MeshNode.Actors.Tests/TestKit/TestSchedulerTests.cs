using MeshNode.Actors.TestKit;

namespace MeshNode.Actors.Tests;

public sealed class TestSchedulerTests : MeshNode.Actors.TestKit.TestKit
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Answers each message by asking to be told the next after a second: what is scheduled on the way.</summary>
    private sealed class Chain : ReceiveActor
    {
        public Chain(IActorRef listener) => Receive<int>(number =>
        {
            listener.Tell((number, Context.System.Scheduler.MonotonicClock));
            Context.System.Scheduler.ScheduleTellOnce(Second, Self, number + 1, Self);
        });
    }

    [Fact]
    public void Advance_stops_at_what_is_scheduled_on_the_way()
    {
        ActorOf(() => new Chain(TestActor)).Tell(0);
        Scheduler.Advance(5 * Second);
        for (var number = 0; number <= 5; number++)
        {
            ExpectMsg((number, number * Second));
        }

        ExpectNoMsg();
        Assert.Equal(5 * Second, Scheduler.MonotonicClock);
    }

    [Fact]
    public void What_is_due_at_one_time_runs_in_the_order_in_which_it_was_scheduled()
    {
        var order = new List<string>();
        Scheduler.Advanced.ScheduleOnce(2 * Second, () => order.Add("late"));
        Scheduler.Advanced.ScheduleOnce(Second, () => order.Add("a"));
        Scheduler.Advanced.ScheduleRepeatedly(Second, Second, () => order.Add("b"));
        Scheduler.Advanced.ScheduleOnce(Second, () => { order.Add("c"); Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () => order.Add("at once")); });
        Scheduler.Advance(2 * Second);
        Assert.Equal(["a", "b", "c", "at once", "late", "b"], order);
    }

    [Fact]
    public void Nothing_runs_before_it_is_due()
    {
        var ran = false;
        Scheduler.Advanced.ScheduleOnce(Second, () => ran = true);
        Scheduler.Advance(Second - TimeSpan.FromTicks(1));
        Assert.False(ran);
        Scheduler.Advance(TimeSpan.FromTicks(1));
        Assert.True(ran);
    }

    [Fact]
    public void What_was_cancelled_on_the_way_does_not_run()
    {
        var cancelable = new Cancelable(Scheduler);
        var ran = false;
        Scheduler.Advanced.ScheduleOnce(Second, cancelable.Cancel);
        Scheduler.Advanced.ScheduleOnce(2 * Second, () => ran = true, cancelable);
        Scheduler.Advance(3 * Second);
        Assert.False(ran);
        Assert.Equal(0, Scheduler.PendingCount);
    }

    [Fact]
    public void AdvanceTo_and_the_next_due_move_the_clock()
    {
        var start = Scheduler.Now;
        Scheduler.Advanced.ScheduleOnce(3 * Second, () => { });
        Scheduler.AdvanceTo(start + Second);
        Assert.Equal(Second, Scheduler.MonotonicClock);
        Assert.False(Scheduler.AdvanceToNextDue(2 * Second));
        Assert.Equal(Second, Scheduler.MonotonicClock);
        Assert.True(Scheduler.AdvanceToNextDue(9 * Second));
        Assert.Equal(3 * Second, Scheduler.MonotonicClock);
        Assert.Throws<ArgumentOutOfRangeException>(() => Scheduler.Advance(-Second));
    }

    [Fact]
    public void Failure_of_scheduled_work_fails_the_test()
    {
        Scheduler.Advanced.ScheduleOnce(Second, () => throw new InvalidOperationException("broken"));
        Assert.Throws<InvalidOperationException>(() => Scheduler.Advance(Second));
    }

    [Fact]
    public void Same_time_serves_code_that_takes_a_time_provider()
    {
        var ticks = 0;
        using var timer = Scheduler.Clock.CreateTimer(_ => ticks++, null, Second, Second);
        var begin = Scheduler.Clock.GetTimestamp();
        Scheduler.Advance(3 * Second);
        Assert.Equal((3, 3 * Second), (ticks, Scheduler.Clock.GetElapsedTime(begin)));
        timer.Change(Second, Timeout.InfiniteTimeSpan);
        Scheduler.Advance(3 * Second);
        Assert.Equal(4, ticks);
    }

    [Fact]
    public void System_runs_by_it_as_in_Akka() => Assert.Same(Scheduler, (TestScheduler)Sys.Scheduler);
}
