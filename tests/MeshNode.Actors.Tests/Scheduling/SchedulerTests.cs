namespace MeshNode.Actors.Tests;

public sealed class SchedulerTests : TestKit.TestKit
{
    [Fact]
    public void Heap_gives_items_by_due_time_then_order_whatever_is_removed()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var heap = new DueHeap();
            var items = new List<ScheduledWork>();
            for (var order = 0; order < 100; order++)
            {
                var item = new ActionWork(() => { }) { Due = random.Next(20), Order = order };
                items.Add(item);
                heap.Push(item);
                if (random.Next(3) == 0)
                {
                    var removed = items[random.Next(items.Count)];
                    items.Remove(removed);
                    Assert.True(heap.Remove(removed));
                    Assert.False(heap.Remove(removed));
                }
            }

            foreach (var expected in items.OrderBy(item => item.Due).ThenBy(item => item.Order))
            {
                Assert.True(ReferenceEquals(expected, heap.First), $"seed {seed}");
                heap.Remove(heap.First!);
            }

            Assert.Null(heap.First);
        }
    }

    [Fact]
    public void Scheduled_messages_come_in_order_and_cancelled_ones_not_at_all()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(2), TestActor, "second", ActorRefs.NoSender);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(1), TestActor, "first", ActorRefs.NoSender);
        var cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), TestActor, "tick", ActorRefs.NoSender);
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(["first", "second", "tick", "tick"], ReceiveN(4));
        cancelable.Cancel();
        ExpectNoMsg(TimeSpan.FromSeconds(10));
        Assert.Equal(0, Scheduler.PendingCount);
    }

    [Fact]
    public void Advance_runs_what_is_scheduled_on_the_way_in_its_turn()
    {
        var times = new List<double>();
        Schedule(1);
        Scheduler.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal([1, 2, 3], times);
        Assert.Equal(3.5, Scheduler.MonotonicClock.TotalSeconds);

        void Schedule(double delay) => Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(delay), () =>
        {
            times.Add(Scheduler.MonotonicClock.TotalSeconds);
            Schedule(1);
        });
    }

    [Fact]
    public void Advance_waits_for_actors_that_start_timers_in_answer_to_timers()
    {
        var actor = ActorOf(Props.Create(() => new Chain(TestActor)));
        actor.Tell("go");
        Scheduler.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(Enumerable.Range(1, 100).Select(second => (object)(double)second), ReceiveN(100));
    }

    private sealed class Chain : ReceiveActor, IWithTimers
    {
        public Chain(IActorRef probe) => Receive<string>(text =>
        {
            if (text == "tick")
            {
                probe.Tell(Context.System.Scheduler.MonotonicClock.TotalSeconds);
            }

            Timers.StartSingleTimer("key", "tick", TimeSpan.FromSeconds(1));
        });

        public ITimerScheduler Timers { get; set; } = null!;
    }

    [Fact]
    public void Test_clock_is_virtual_time_as_a_TimeProvider()
    {
        var fired = 0;
        using var timer = Scheduler.Clock.CreateTimer(_ => fired++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        var begin = Scheduler.Clock.GetTimestamp();
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(3, fired);
        Assert.Equal(TimeSpan.FromSeconds(3), Scheduler.Clock.GetElapsedTime(begin));
    }
}
