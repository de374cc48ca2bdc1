using MeshNode.Actors.TestKit;
using Xunit.Sdk;

namespace MeshNode.Actors.Tests;

/// <summary>Within, AwaitAssert and AwaitCondition: standing virtual time, virtual time that goes on, and the real clock.</summary>
public static class TimingTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>Ticks every second, and answers a question after an hour.</summary>
    private sealed class Slow : ReceiveActor, IWithTimers
    {
        public Slow(Action tick)
        {
            Receive<string>(text => text == "tick", _ => tick());
            Receive<string>(text =>
            {
                var asker = Sender;
                Context.System.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(1), asker, text, Self);
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", Second);
    }

    public sealed class Standing : MeshNode.Actors.TestKit.TestKit
    {
        [Fact]
        public void Within_measures_virtual_time()
        {
            Assert.Equal(7, Within(Second, 2 * Second, () => { Scheduler.Advance(2 * Second); return 7; }));
            Assert.ThrowsAny<XunitException>(() => Within(Second, 2 * Second, () => { }));
            Assert.ThrowsAny<XunitException>(() => Within(Second, () => Scheduler.Advance(2 * Second)));
            Within(Second, () => Scheduler.Advance(2 * Second), epsilonValue: Second);
        }

        [Fact]
        public void Remaining_is_known_within_and_ends_with_the_outer_block()
        {
            Assert.Throws<InvalidOperationException>(() => Remaining);
            Within(10 * Second, () =>
            {
                Scheduler.Advance(3 * Second);
                Assert.Equal(7 * Second, Remaining);
                Within(2 * Second, () => Assert.Equal(2 * Second, Remaining));
                Within(20 * Second, () => Assert.Equal(7 * Second, Remaining));
                Assert.Equal(7 * Second, RemainingOrDefault);
            });
            Assert.Equal(DefaultTimeout, RemainingOrDefault);
        }

        [Fact]
        public void Waiting_for_something_does_not_move_the_clock()
        {
            var calls = 0;
            AwaitAssert(() => Assert.Equal(3, ++calls));
            AwaitCondition(() => ++calls > 5);
            Assert.False(AwaitConditionNoThrow(() => false, TimeSpan.FromMilliseconds(30)));
            Assert.Throws<InvalidOperationException>(() => AwaitAssert(() => throw new InvalidOperationException("never"), TimeSpan.FromMilliseconds(30)));
            Assert.Equal(TimeSpan.Zero, Now);
        }
    }

    public sealed class GoingOn() : MeshNode.Actors.TestKit.TestKit(ActorSystemSetup.Empty.And(new TestKitSetup { AdvanceWhileWaiting = true }))
    {
        [Fact]
        public void Expectation_steps_to_the_message_that_is_due()
        {
            var ticks = 0;
            var slow = ActorOf(() => new Slow(() => ticks++));
            slow.Tell("question");
            ExpectMsg("question", TimeSpan.FromHours(2));
            Assert.Equal((TimeSpan.FromHours(1), true), (Now, ticks is 3599 or 3600));
        }

        [Fact]
        public void Expectation_fails_when_virtual_time_is_over()
        {
            ActorOf(() => new Slow(() => { })).Tell("question");
            Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(TimeSpan.FromMinutes(59)));
            Assert.Equal(TimeSpan.FromMinutes(59), Now);
            Assert.Null(ReceiveOne(Second));
            Within(TimeSpan.FromMinutes(1), () => Assert.ThrowsAny<XunitException>(() => ReceiveN(2)));
            Assert.Equal(TimeSpan.FromMinutes(60) + Second, Now);
        }

        [Fact]
        public void Condition_is_asked_again_while_time_goes_on()
        {
            var ticks = 0;
            ActorOf(() => new Slow(() => ticks++));
            AwaitCondition(() => ticks == 10, TimeSpan.FromSeconds(11));
            AwaitAssert(() => Assert.Equal(20, ticks), TimeSpan.FromSeconds(11), Second);
            Assert.False(AwaitConditionNoThrow(() => ticks > 60, TimeSpan.FromSeconds(11)));
        }

        [Fact]
        public void Event_is_waited_for_while_time_goes_on() => EventFilter.Info("due").ExpectOne(
            () => Sys.Scheduler.Advanced.ScheduleOnce(5 * Second, () => Sys.Log.Info("due")));
    }

    public sealed class Real() : MeshNode.Actors.TestKit.TestKit(ActorSystemSetup.Empty.And(new TestKitSetup { RealTime = true }))
    {
        private static readonly TimeSpan Blink = TimeSpan.FromMilliseconds(50);

        [Fact]
        public void Timers_run_by_themselves()
        {
            Sys.Scheduler.ScheduleTellOnce(Blink, TestActor, "due", ActorRefs.NoSender);
            Within(Blink / 2, TimeSpan.FromSeconds(15), () => ExpectMsg("due"));
            Assert.Throws<InvalidOperationException>(() => Scheduler);
        }

        [Fact]
        public void Silence_takes_its_time_and_is_broken_by_a_timer()
        {
            var begin = Now;
            ExpectNoMsg(Blink);
            Assert.True(Now - begin >= Blink - TimeSpan.FromMilliseconds(1));
            Sys.Scheduler.ScheduleTellOnce(Blink, TestActor, "due", ActorRefs.NoSender);
            Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(TimeSpan.FromSeconds(15)));
        }

        [Fact]
        public void Expectation_waits_no_longer_than_Within_has_left()
        {
            var begin = Now;
            Assert.ThrowsAny<XunitException>(() => Within(Blink, () => ExpectMsg<string>()));
            Assert.True(Now - begin < TimeSpan.FromSeconds(10));
        }
    }

    public sealed class Dilating() : MeshNode.Actors.TestKit.TestKit(ActorSystemSetup.Empty.And(new TestKitSetup { TestTimeFactor = 3 }))
    {
        [Fact]
        public void Durations_are_taken_so_many_times()
        {
            Assert.Equal(6 * Second, Dilated(2 * Second));
            Sys.Scheduler.ScheduleTellOnce(2.5 * Second, TestActor, "due", ActorRefs.NoSender);
            Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(Second));
        }
    }
}
