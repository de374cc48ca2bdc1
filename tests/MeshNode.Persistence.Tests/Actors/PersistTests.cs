namespace MeshNode.Persistence.Tests;

public sealed class PersistTests : PersistenceKit
{
    [Fact]
    public void Persist_handler_runs_before_next_command()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.Persist("x", a.Handled));
        actor.Tell("one");
        actor.Tell("two");
        gate.AwaitTransaction();
        ExpectNothing();
        gate.Release();
        Expect("handled x 1", "command one", "command two");
    }

    [Fact]
    public void Events_of_one_command_are_handled_in_order_and_go_in_one_transaction()
    {
        var actor = Ready();
        Do(actor, a =>
        {
            a.Persist("x", a.Handled);
            a.PersistAll(["y", "z"], a.Handled);
            a.Tell("end of command");
        });
        Expect("end of command", "handled x 1", "handled y 2", "handled z 3");
        Assert.Equal([1, 2], Assert.Single(Store.Transactions).Select(write => write.Events.Count));
    }

    [Fact]
    public void Persist_inside_of_a_handler_comes_before_the_next_command()
    {
        var actor = Ready();
        Do(actor, a =>
        {
            a.Persist("x", x =>
            {
                a.Handled(x);
                a.Persist("x2", a.Handled);
            });
            a.Persist("y", a.Handled);
        });
        actor.Tell("next");
        Expect("handled x 1", "handled y 2", "handled x2 3", "command next");
    }

    [Fact]
    public void Persist_inside_of_an_asynchronous_ones_handler_holds_up_commands()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.PersistAsync("x", x =>
        {
            a.Handled(x);
            a.Persist("x2", a.Handled);
        }));
        gate.AwaitTransaction();
        gate.Release();
        Expect("handled x 1");
        actor.Tell("next");
        gate.AwaitTransaction();
        ExpectNothing();
        gate.Release();
        Expect("handled x2 2", "command next");
    }

    [Fact]
    public void PersistAsync_lets_commands_through_and_keeps_the_order_of_handlers()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.PersistAsync("x", a.Handled));
        Do(actor, a => a.PersistAllAsync(["y", "z"], a.Handled));
        actor.Tell("meanwhile");
        Expect("command meanwhile");
        gate.AwaitTransaction();
        gate.Open();
        Expect("handled x 1", "handled y 2", "handled z 3");
    }

    [Fact]
    public void One_submission_of_an_actor_is_under_way_at_a_time()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.PersistAsync("first", a.Handled));
        gate.AwaitTransaction();
        for (var number = 0; number < 450; number++)
        {
            Do(actor, a => a.PersistAsync("more", _ => { }));
        }

        Do(actor, a => a.DeferAsync("end", a.Tell));
        Settle();
        Assert.Single(Store.Transactions);
        gate.Open();
        Expect("handled first 1", "end");
        Assert.Equal([1, 200, 200, 50], Store.Transactions.Select(transaction => transaction.Length)); // MaxMessageBatchSize is 200
    }

    [Fact]
    public void Defer_waits_for_the_events_before_it_and_runs_at_once_without_any()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.DeferAsync("at once", a.Tell));
        Expect("at once");
        Do(actor, a =>
        {
            a.PersistAsync("x", a.Handled);
            a.DeferAsync("after x", a.Tell);
            a.PersistAsync("y", a.Handled);
        });
        Do(actor, a => a.Defer("after y", a.Tell));
        actor.Tell("next");
        gate.AwaitTransaction();
        ExpectNothing();
        gate.Open();
        Expect("handled x 1", "after x", "handled y 2", "after y", "command next");
        Assert.Equal(2, Store.Transactions.Sum(transaction => transaction.Length));
    }

    [Fact]
    public void Handlers_have_the_sender_of_their_command()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        var probes = new[] { CreateTestProbe(), CreateTestProbe() };
        actor.Tell((Action<ScriptedActor>)(a => a.PersistAsync("x", x => a.CurrentSender.Tell(x))), probes[0]);
        gate.AwaitTransaction();
        actor.Tell((Action<ScriptedActor>)(a => a.PersistAsync("y", y => a.CurrentSender.Tell(y))), probes[1]);
        actor.Tell((Action<ScriptedActor>)(a => a.DeferAsync("z", z => a.CurrentSender.Tell(z))), probes[0]);
        gate.Open();
        probes[0].ExpectMsg("x");
        probes[0].ExpectMsg("z");
        probes[1].ExpectMsg("y");
    }

    [Fact]
    public void What_an_asynchronous_command_persists_is_written_when_its_task_has_ended()
    {
        var actor = Ready();
        var goOn = new TaskCompletionSource();
        DoAsync(actor, async a =>
        {
            a.Persist("x", a.Handled);
            await goOn.Task;
            a.Persist("y", a.Handled);
            a.Tell("end of command");
        });
        actor.Tell("next");
        ExpectNothing();
        Assert.Empty(Store.Transactions);
        goOn.SetResult();
        Expect("end of command", "handled x 1", "handled y 2", "command next");
    }

    [Fact]
    public void An_asynchronous_handler_ends_before_the_next_one_and_the_next_command()
    {
        var actor = Ready();
        var goOn = new TaskCompletionSource();
        Do(actor, a =>
        {
            a.PersistAll(["x", "y"], async e =>
            {
                await goOn.Task;
                a.Handled(e);
            });
            a.Persist("z", a.Handled);
        });
        actor.Tell("next");
        AwaitCondition(() => !Store.Transactions.IsEmpty);
        ExpectNothing();
        goOn.SetResult();
        Expect("handled x 1", "handled y 2", "handled z 3", "command next");
    }

    [Fact]
    public void An_asynchronous_handler_that_ends_at_once_keeps_the_order_of_commands()
    {
        var actor = Ready();
        DoAsync(actor, a =>
        {
            a.PersistAll(["x", "y"], e =>
            {
                a.Handled(e);
                return Task.CompletedTask;
            });
            return Task.CompletedTask;
        });
        actor.Tell("one");
        actor.Tell("two");
        actor.Tell("three");
        Expect("handled x 1", "handled y 2", "command one", "command two", "command three");
    }

    [Fact]
    public void PersistAll_of_nothing_is_nothing()
    {
        var actor = Ready();
        Do(actor, a => a.PersistAll(Array.Empty<string>(), a.Handled));
        actor.Tell("next");
        Expect("command next");
        Assert.Empty(Store.Transactions);
    }

    [Fact]
    public void Persisting_while_recovering_is_a_mistake_that_says_so()
    {
        Stored("a", "x");
        Actor("a", new ScriptedOptions { OnRecover = (a, _) => a.Persist("no", _ => { }) });
        var trouble = ExpectTrouble("recovery");
        Assert.Contains("RecoveryCompleted or later", trouble.Cause.Message, StringComparison.Ordinal);
        Assert.Equal("x", trouble.Event);
        Expect("stopped");
    }

    [Fact]
    public void What_is_persisted_when_recovery_completes_is_handled_before_the_first_command()
    {
        var actor = Actor("a", new ScriptedOptions { OnCompleted = a => a.Persist("first", a.Handled) });
        actor.Tell("one");
        actor.Tell("two");
        Expect("ready", "handled first 1", "command one", "command two");
    }

    [Fact]
    public void A_thousand_actors_share_transactions()
    {
        var gate = new WriteGate(Store);
        var actors = Enumerable.Range(0, 1000).Select(index => Actor($"many-{index}")).ToArray();
        Assert.All(ReceiveN(1000, TimeSpan.FromSeconds(60)), message => Assert.Equal("ready", message));
        Do(actors[0], a => a.Persist("x", a.Handled));
        gate.AwaitTransaction(); // of one event: the next one gathers meanwhile
        foreach (var actor in actors.Skip(1))
        {
            Do(actor, a => a.Persist("x", a.Handled));
        }

        Settle();
        gate.Open();
        Assert.All(ReceiveN(1000, TimeSpan.FromSeconds(60)), message => Assert.Equal("handled x 1", message));
        Assert.Equal([1, 999], Store.Transactions.Select(transaction => transaction.Length));
    }
}
