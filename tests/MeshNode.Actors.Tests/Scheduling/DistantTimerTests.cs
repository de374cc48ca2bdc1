namespace MeshNode.Actors.Tests;

public sealed class DistantTimerTests : TestKit.TestKit
{
    [Fact]
    public void Longest_interval_runs_once_and_not_again()
    {
        var runs = 0;
        var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.Advanced.ScheduleRepeatedly(
            TimeSpan.FromSeconds(1),
            TimeSpan.MaxValue,
            () =>
            {
                if (++runs > 3)
                {
                    cancelable.Cancel(); // lets a scheduler that counts wrongly end
                }
            },
            cancelable);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, runs);
    }

    /// <summary>A runtime's timer takes no more than 49.7 days at a time.</summary>
    [Fact]
    public async Task What_is_due_in_a_year_harms_nobody_and_lets_earlier_work_run()
    {
        var system = ActorSystem.Create("patient");
        var ran = new TaskCompletionSource();
        system.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromDays(365), () => ran.TrySetException(new InvalidOperationException("too early")));
        system.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(20), () => ran.TrySetResult());
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(60));
        var next = new TaskCompletionSource();
        system.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(20), () => next.TrySetResult()); // the timer was armed for the distant one meanwhile
        await next.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await system.Terminate();
    }
}
