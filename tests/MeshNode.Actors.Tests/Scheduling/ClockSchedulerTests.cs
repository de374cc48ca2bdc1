using System.Collections.Concurrent;
using System.Diagnostics;

namespace MeshNode.Actors.Tests;

public sealed class ClockSchedulerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public void Nothing_comes_early_and_all_comes_in_order_by_the_real_clock()
    {
        using var scheduler = new ClockScheduler(TimeProvider.System, _ => { });
        var early = 0;
        var order = new ConcurrentQueue<int>();
        using var done = new CountdownEvent(100);
        var random = new Random(1);
        foreach (var milliseconds in Enumerable.Range(0, 100).OrderBy(_ => random.Next()))
        {
            var due = scheduler.MonotonicClock + TimeSpan.FromMilliseconds(milliseconds);
            scheduler.ScheduleOnce(TimeSpan.FromMilliseconds(milliseconds), () =>
            {
                if (scheduler.MonotonicClock < due)
                {
                    Interlocked.Increment(ref early);
                }

                order.Enqueue(milliseconds);
                done.Signal();
            });
        }

        Assert.True(done.Wait(Limit));
        Assert.Equal(0, early);
        Assert.Equal(100, order.Distinct().Count());
        Assert.Equal(0, scheduler.PendingCount);
    }

    [Fact]
    public void Timers_started_by_many_threads_are_all_run()
    {
        using var scheduler = new ClockScheduler(TimeProvider.System, _ => { });
        const int Threads = 4;
        const int Timers = 5_000;
        using var done = new CountdownEvent(Threads * Timers);
        var threads = Enumerable.Range(0, Threads).Select(seed => new Thread(() =>
        {
            var random = new Random(seed);
            for (var timer = 0; timer < Timers; timer++)
            {
                scheduler.ScheduleOnce(TimeSpan.FromMilliseconds(random.Next(50)), () => done.Signal());
            }
        })).ToArray();
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.True(done.Wait(Limit), $"{done.CurrentCount} were not run");
    }

    [Fact]
    public void Failing_action_is_reported_and_the_next_runs()
    {
        var failures = new ConcurrentQueue<Exception>();
        using var scheduler = new ClockScheduler(TimeProvider.System, failures.Enqueue);
        using var done = new ManualResetEventSlim();
        scheduler.ScheduleOnce(TimeSpan.Zero, () => throw new InvalidOperationException("broken"));
        scheduler.ScheduleOnce(TimeSpan.FromMilliseconds(1), done.Set);
        Assert.True(done.Wait(Limit));
        Assert.Equal("broken", Assert.Single(failures).Message);
    }

    [Fact]
    public void Idle_system_with_a_far_timer_arms_its_clock_once()
    {
        var clock = new CountingClock();
        using var scheduler = new ClockScheduler(clock, _ => { });
        scheduler.ScheduleOnce(TimeSpan.FromHours(1), () => { });
        scheduler.ScheduleOnce(TimeSpan.FromHours(2), () => { });
        Assert.Equal([TimeSpan.FromHours(1)], clock.Armed);
    }

    /// <summary>Time stands still; notes what its timer is set to.</summary>
    private sealed class CountingClock : TimeProvider
    {
        public List<TimeSpan> Armed { get; } = [];

        public override long GetTimestamp() => Stopwatch.Frequency;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NotedTimer(Armed);

        private sealed class NotedTimer(List<TimeSpan> armed) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                armed.Add(dueTime);
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
