namespace MeshNode.Persistence.Tests;

public sealed class RecoveryTests : PersistenceKit
{
    public RecoveryTests()
        : base(new PersistenceSettings { MaxConcurrentRecoveries = 2, RecoveryEventTimeout = TimeSpan.FromSeconds(10), ReplayPageSize = 100 })
    {
    }

    [Fact]
    public void Events_come_back_in_order_before_any_command()
    {
        Stored("a", "x", "y");
        var actor = Actor();
        actor.Tell("next");
        Expect("recovered x", "recovered y", "ready", "command next");
        Do(actor, a => a.Tell((a.LastSequenceNr, a.IsRecovering, a.IsRecoveryFinished)));
        Expect((2L, false, true));
    }

    [Fact]
    public void A_snapshot_comes_first_and_only_later_events_follow()
    {
        Stored("a", "x", "y");
        var actor = Actor();
        Expect("recovered x", "recovered y", "ready");
        Do(actor, a => a.SaveSnapshot("state"));
        Assert.Equal(2, ExpectMsg<SaveSnapshotSuccess>().Metadata.SequenceNr);
        Do(actor, a => a.Persist("z", a.Handled));
        Expect("handled z 3");
        Do(actor, _ => throw new InvalidOperationException("restart"));
        Expect("stopped", "snapshot state at 2", "recovered z", "ready");
    }

    [Fact]
    public void Recovery_may_end_at_a_sequence_number_and_new_events_still_come_after_all()
    {
        Stored("a", "x", "y", "z");
        var actor = Actor("a", new ScriptedOptions { Recovery = new Recovery(SnapshotSelectionCriteria.Latest, 2) });
        Expect("recovered x", "recovered y", "ready");
        Do(actor, a => a.Persist("new", a.Handled));
        Expect("handled new 4");
    }

    [Fact]
    public void Recovery_may_replay_a_number_of_events()
    {
        Stored("a", "x", "y", "z");
        Actor("a", new ScriptedOptions { Recovery = new Recovery(SnapshotSelectionCriteria.None, long.MaxValue, 1) });
        Expect("recovered x", "ready");
        ExpectNothing();
    }

    [Fact]
    public void Recovery_None_recovers_nothing_and_goes_on_after_the_last_number()
    {
        Stored("a", "x", "y");
        Store.BeforeLoad = () => Task.FromException(new InvalidOperationException("not to be asked"));
        var actor = Actor("a", new ScriptedOptions { Recovery = Recovery.None });
        Expect("ready");
        Do(actor, a => a.Persist("z", a.Handled));
        Expect("handled z 3");
    }

    [Fact]
    public void Deleted_events_are_not_recovered_and_their_numbers_not_used_again()
    {
        Stored("a", "x", "y");
        var actor = Actor();
        Expect("recovered x", "recovered y", "ready");
        Do(actor, a => a.DeleteMessages(long.MaxValue));
        Expect(new DeleteMessagesSuccess(long.MaxValue));
        Do(actor, _ => throw new InvalidOperationException("restart"));
        Expect("stopped", "ready");
        Do(actor, a => a.Persist("z", a.Handled));
        Expect("handled z 3");
    }

    [Fact]
    public void Deleting_beyond_the_last_event_or_by_a_failing_store_is_answered_as_failure()
    {
        Stored("a", "x");
        var actor = Actor();
        Expect("recovered x", "ready");
        Do(actor, a => a.DeleteMessages(2));
        Assert.IsType<ArgumentOutOfRangeException>(ExpectMsg<DeleteMessagesFailure>(failure => failure.ToSequenceNr == 2).Cause);
        Store.BeforeChange = () => Task.FromException(new IOException("disk"));
        Do(actor, a => a.DeleteMessages(1));
        Assert.Equal("disk", ExpectMsg<DeleteMessagesFailure>(failure => failure.ToSequenceNr == 1).Cause.Message);
    }

    [Fact]
    public void A_failing_recovery_handler_stops_the_actor_with_the_event_and_its_number()
    {
        Stored("a", "x", "bad", "z");
        var actor = Actor("a", new ScriptedOptions { OnRecover = (_, message) => Assert.False(message is "bad", "oh") });
        Watch(actor);
        Expect("recovered x");
        var trouble = ExpectTrouble("recovery");
        Assert.Equal(("bad", 2L), (trouble.Event, trouble.SequenceNr));
        Assert.Contains("oh", trouble.Cause.Message, StringComparison.Ordinal);
        Expect("stopped");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_failing_store_stops_the_actor()
    {
        Store.BeforeRead = () => Task.FromException(new IOException("disk"));
        Actor();
        Assert.Equal("disk", ExpectTrouble("recovery").Cause.Message);
        Expect("stopped");
    }

    [Fact]
    public void A_store_that_is_silent_about_the_snapshot_times_recovery_out()
    {
        Store.BeforeLoad = () => new TaskCompletionSource().Task;
        Actor();
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(20));
        Assert.Contains("no snapshot", Assert.IsType<RecoveryTimedOutException>(ExpectTrouble("recovery").Cause).Message, StringComparison.Ordinal);
        Expect("stopped");
    }

    [Fact]
    public void A_store_that_falls_silent_between_events_times_recovery_out_and_one_that_is_slow_does_not()
    {
        Stored("a", [.. Enumerable.Range(1, 350).Select(number => $"{number}")]);
        var reads = new System.Collections.Concurrent.BlockingCollection<TaskCompletionSource>();
        Store.BeforeRead = () =>
        {
            var read = new TaskCompletionSource();
            reads.Add(read);
            return read.Task;
        };
        Actor();
        for (var page = 0; page < 3; page++)
        {
            Assert.True(reads.TryTake(out var read, TimeSpan.FromSeconds(60)));
            Settle();
            Scheduler.Advance(TimeSpan.FromSeconds(10)); // slow: something comes within each interval
            read.SetResult();
            ReceiveN(100, TimeSpan.FromSeconds(60));
        }

        Assert.True(reads.TryTake(out _, TimeSpan.FromSeconds(60)));
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(20));
        Assert.Contains("no event", Assert.IsType<RecoveryTimedOutException>(ExpectTrouble("recovery").Cause).Message, StringComparison.Ordinal);
        Expect("stopped");
    }

    [Fact]
    public void A_restarted_actor_ignores_what_its_former_recovery_still_reads()
    {
        Stored("a", "x");
        var first = new TaskCompletionSource();
        var waiting = first.Task;
        Store.BeforeLoad = () => Interlocked.Exchange(ref waiting, Task.CompletedTask);
        var actor = Actor();
        AwaitCondition(() => waiting.IsCompleted);
        actor.Tell(Kill.Instance); // handled at once; the supervisor stops it
        Expect("stopped");
        Actor();
        Expect("recovered x", "ready");
        first.SetResult();
        ExpectNothing();
    }

    [Fact]
    public void So_many_actors_recover_at_a_time_and_the_others_follow()
    {
        var loads = new System.Collections.Concurrent.BlockingCollection<TaskCompletionSource>();
        Store.BeforeLoad = () =>
        {
            var load = new TaskCompletionSource();
            loads.Add(load);
            return load.Task;
        };
        var actors = Enumerable.Range(0, 5).Select(index => Actor($"r{index}")).ToArray();
        Settle();
        Assert.Equal(2, loads.Count); // MaxConcurrentRecoveries
        Sys.Stop(actors[4]); // while it waits: its place must not be granted to it
        Expect("stopped");
        Assert.True(loads.TryTake(out var one));
        one.SetResult();
        Expect("ready");
        Assert.True(loads.TryTake(out var two));
        two.SetException(new IOException("a failure gives its permit back too"));
        ExpectTrouble("recovery");
        Expect("stopped");
        for (var rest = 0; rest < 2; rest++)
        {
            Assert.True(loads.TryTake(out var load, TimeSpan.FromSeconds(60)));
            load.SetResult();
            Expect("ready");
        }

        Actor("last");
        Assert.True(loads.TryTake(out var last, TimeSpan.FromSeconds(60)));
        last.SetResult();
        Expect("ready");
        Assert.Empty(loads);
    }

    [Fact]
    public void A_long_history_is_read_page_by_page_as_the_actor_takes_it()
    {
        Stored("long", [.. Enumerable.Range(1, 2_000).Select(number => $"{number}")]);
        using var hold = new ManualResetEventSlim();
        using var reached = new ManualResetEventSlim();
        Actor("long", new ScriptedOptions
        {
            OnRecover = (_, message) =>
            {
                if (message is "1")
                {
                    reached.Set();
                    Assert.True(hold.Wait(TimeSpan.FromSeconds(60)));
                }
            },
        });
        Assert.True(reached.Wait(TimeSpan.FromSeconds(60)));
        AwaitCondition(() => Store.PageSizes.Count == 3, TimeSpan.FromSeconds(60)); // two under way, one read ahead
        hold.Set();
        Assert.Equal(Enumerable.Range(1, 2_000).Select(number => (object)$"recovered {number}"), ReceiveN(2_000, TimeSpan.FromSeconds(60)));
        Expect("ready");
        Assert.All(Store.PageSizes, size => Assert.Equal(100, size));
    }

    [Fact]
    public void Two_lives_of_an_actor_in_two_systems_over_one_store()
    {
        var actor = Ready();
        Do(actor, a => a.Persist("x", a.Handled));
        Expect("handled x 1");
        var second = ActorSystem.Create("second", ActorSystemSetup.Empty.And(new PersistenceSetup { Store = Store.Inner }));
        second.ActorOf(Props.Create(() => new ScriptedActor("a", TestActor)));
        Expect("recovered x", "ready");
        Assert.True(second.Terminate().Wait(TimeSpan.FromSeconds(60)));
        Expect("stopped");
    }
}
