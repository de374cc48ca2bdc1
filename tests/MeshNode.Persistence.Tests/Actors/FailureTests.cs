using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

public sealed class FailureTests : PersistenceKit
{
    [Fact]
    public void A_failed_transaction_stops_its_actors_and_writes_nothing()
    {
        var gate = new WriteGate(Store) { Failure = new IOException("disk full") };
        var actor = Ready();
        Watch(actor);
        Do(actor, a => a.PersistAll(["x", "y"], a.Handled));
        actor.Tell("never handled");
        gate.AwaitTransaction();
        gate.Open();
        var trouble = ExpectTrouble("failure");
        Assert.Equal(("x", 1L, "disk full"), (trouble.Event, trouble.SequenceNr, trouble.Cause.Message));
        Expect("stopped");
        ExpectTerminated(actor);
        Assert.Empty(Store.TextsOf("a").Result);
    }

    [Fact]
    public void What_follows_a_failed_write_of_the_same_actor_is_not_written()
    {
        var gate = new WriteGate(Store) { Failure = new IOException("disk full") };
        var actor = Ready();
        Do(actor, a => a.PersistAsync("x", a.Handled));
        gate.AwaitTransaction();
        Do(actor, a => a.PersistAsync("y", a.Handled));
        Settle();
        gate.Open();
        ExpectTrouble("failure");
        Expect("stopped");
        Assert.Empty(Store.TextsOf("a").Result);
    }

    [Fact]
    public void A_failed_transaction_leaves_the_batcher_able_to_write()
    {
        var gate = new WriteGate(Store) { Failure = new IOException("disk full") };
        var actor = Ready();
        Do(actor, a => a.Persist("x", a.Handled));
        gate.AwaitTransaction();
        gate.Open();
        ExpectTrouble("failure");
        Expect("stopped");
        var other = Ready("b");
        Do(other, a => a.Persist("y", a.Handled));
        Expect("handled y 1");
    }

    [Fact]
    public void A_store_that_does_not_start_fails_recovery_with_its_reason()
    {
        var store = new ScriptedStore { BeforeStart = () => Task.FromException(new IOException("no such file")) };
        var system = ActorSystem.Create("other", ActorSystemSetup.Empty.And(new PersistenceSetup { Store = store }));
        system.ActorOf(Props.Create(() => new ScriptedActor("a", TestActor)));
        Assert.Equal("no such file", ExpectTrouble("recovery").Cause.Message);
        Expect("stopped");
        Assert.True(system.Terminate().Wait(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void A_taken_sequence_number_fails_that_actor_alone()
    {
        var gate = new WriteGate(Store);
        var (stale, other) = (Ready("stale"), Ready("other"));
        var plug = Ready("plug");
        Stored("stale", "by another incarnation");
        Do(plug, a => a.Persist("plug", a.Handled));
        gate.AwaitTransaction();
        Do(stale, a =>
        {
            a.Persist("x", a.Handled);
            a.Persist("y", a.Handled); // its number, 2, would be free
        });
        Do(other, a => a.Persist("z", a.Handled));
        Settle();
        gate.Open();
        var messages = ReceiveN(4, TimeSpan.FromSeconds(60));
        Assert.Contains("handled plug 1", messages);
        Assert.Contains("handled z 1", messages);
        Assert.Contains("stopped", messages);
        Assert.IsType<SequenceNumberTakenException>(Assert.Single(messages.OfType<Trouble>()).Cause);
        Assert.Equal(["by another incarnation"], Store.TextsOf("stale").Result);
        Assert.Equal(2, Store.Transactions.Count);
    }

    [Fact]
    public async Task A_raised_fence_fails_the_write_of_the_former_owner()
    {
        await Store.RaiseFenceAsync("shard-7", 3, default);
        var owner = Ready("a", new ScriptedOptions { Fence = new Fence("shard-7", 3) });
        Do(owner, a => a.Persist("x", a.Handled));
        Expect("handled x 1");
        await Store.RaiseFenceAsync("shard-7", 4, default);
        Do(owner, a => a.Persist("y", a.Handled));
        Assert.IsType<FencedException>(ExpectTrouble("failure").Cause);
        Expect("stopped");
        Assert.Equal(["x"], await Store.TextsOf("a"));
    }

    [Fact]
    public void A_rejected_event_is_not_stored_and_the_actor_goes_on()
    {
        Store.Write = writes => writes[0].FirstSequenceNr == 1
            ? Task.FromResult<WriteResult[]>([new WriteResult(WriteOutcome.Rejected, "too large")])
            : Store.Inner.WriteAsync(writes, default);
        var actor = Ready();
        Do(actor, a => a.PersistAll(["x", "y"], a.Handled));
        actor.Tell("next");
        var first = ExpectTrouble("rejected");
        Assert.Equal(("x", 1L), (first.Event, first.SequenceNr));
        Assert.Contains("too large", first.Cause.Message, StringComparison.Ordinal);
        Assert.Equal(("y", 2L), (ExpectTrouble("rejected") is var second ? (second.Event, second.SequenceNr) : default));
        Expect("command next");
        Do(actor, a => a.Persist("z", a.Handled));
        Expect("handled z 3");
        Do(actor, _ => throw new InvalidOperationException("restart"));
        Expect("stopped", "recovered z", "ready");
    }

    [Fact]
    public void An_event_of_an_unregistered_type_is_rejected_with_what_to_do()
    {
        var actor = Ready();
        Do(actor, a =>
        {
            a.PersistAsync("x", a.Handled);
            a.PersistAsync(new Uri("http://localhost"), _ => { });
            a.PersistAsync("y", a.Handled);
        });
        Expect("handled x 1");
        Assert.Contains("Add<Uri>", ExpectTrouble("rejected").Cause.Message, StringComparison.Ordinal);
        Expect("handled y 3");
    }

    [Fact]
    public void What_a_failing_command_had_persisted_is_written_and_recovered()
    {
        var actor = Ready();
        Do(actor, a =>
        {
            a.Persist("x", a.Handled);
            throw new InvalidOperationException("after persisting");
        });
        actor.Tell("next");
        Expect("stopped", "recovered x", "ready", "command next");
    }

    [Fact]
    public void Recovery_waits_for_the_writes_of_an_earlier_incarnation_whose_answers_are_ignored()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.PersistAsync("x", a.Handled));
        gate.AwaitTransaction();
        Do(actor, _ => throw new InvalidOperationException("restart"));
        Expect("stopped");
        ExpectNothing();
        gate.Open();
        Expect("recovered x", "ready");
        Do(actor, a => a.Persist("y", a.Handled));
        Expect("handled y 2");
    }

    [Fact]
    public void After_a_failing_handler_a_restarted_actor_recovers_all_that_was_written()
    {
        var actor = Ready();
        Do(actor, a => a.PersistAll(["x", "y"], e =>
        {
            a.Handled(e);
            throw new InvalidOperationException("in handler");
        }));
        actor.Tell("next");
        Expect("handled x 1", "stopped", "recovered x", "recovered y", "ready", "command next");
    }

    [Fact]
    public void After_a_failing_handler_a_resumed_actor_handles_the_rest()
    {
        var child = Props.Create(() => new ScriptedActor("a", TestActor));
        var actor = ActorOf(Props.Create(() => new ResumingParent(child)));
        Expect("ready");
        Do(actor, a =>
        {
            a.PersistAll(["x", "y"], e =>
            {
                a.Handled(e);
                throw new InvalidOperationException("in handler");
            });
            a.Persist("z", a.Handled);
        });
        actor.Tell("one");
        actor.Tell("two");
        Expect("handled x 1", "handled y 2", "handled z 3", "command one", "command two");
    }

    [Fact]
    public void A_stopped_actor_may_leave_its_last_events_for_the_next_life()
    {
        var actor = Ready();
        Watch(actor);
        Do(actor, a =>
        {
            a.Persist("x", a.Handled);
            a.StopSelf();
        });
        Expect("stopped");
        ExpectTerminated(actor);
        Actor("a");
        Expect("recovered x", "ready");
    }
}
