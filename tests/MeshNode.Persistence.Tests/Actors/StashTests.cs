namespace MeshNode.Persistence.Tests;

public sealed class StashTests : PersistenceKit
{
    private sealed record Mark
    {
        public static readonly Mark Instance = new();
    }

    public StashTests()
        : base(new PersistenceSettings { InternalStashCapacity = 3 })
    {
    }

    [Fact]
    public void User_stash_comes_back_before_what_waits_internally()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        actor.Tell("stash one");
        actor.Tell("stash two");
        Do(actor, a => a.Persist("x", x =>
        {
            a.IsOpen = true;
            a.Handled(x);
            a.Stash.UnstashAll();
        }));
        actor.Tell("three");
        actor.Tell("four");
        gate.AwaitTransaction();
        Settle();
        gate.Open();
        Expect("handled x 1", "command stash one", "command stash two", "command three", "command four");
    }

    [Fact]
    public void Unstashing_in_a_command_keeps_the_order_when_those_commands_persist()
    {
        var actor = Ready();
        actor.Tell("stash one");
        actor.Tell("stash two");
        Do(actor, a =>
        {
            a.IsOpen = true;
            a.UnstashAll();
            a.Persist("x", a.Handled);
        });
        actor.Tell("three");
        Expect("handled x 1", "command stash one", "command stash two", "command three");
    }

    [Fact]
    public void Unstash_gives_back_the_oldest_alone()
    {
        var actor = Ready();
        actor.Tell("stash one");
        actor.Tell("stash two");
        Do(actor, a =>
        {
            a.IsOpen = true;
            a.Stash.Unstash();
        });
        Expect("command stash one");
        ExpectNothing();
    }

    [Fact]
    public void The_same_message_sent_twice_can_wait_twice()
    {
        var gate = new WriteGate(Store);
        var actor = Ready();
        Do(actor, a => a.Persist("x", a.Handled));
        actor.Tell(Mark.Instance);
        actor.Tell(Mark.Instance);
        gate.AwaitTransaction();
        Settle();
        gate.Open();
        Expect("handled x 1", Mark.Instance, Mark.Instance);
    }

    [Fact]
    public void A_message_is_stashed_once_and_an_event_never()
    {
        var actor = Ready();
        Do(actor, a =>
        {
            a.Stash.Stash();
            a.Tell(Assert.Throws<IllegalActorStateException>(a.Stash.Stash).Message.Contains("more than once", StringComparison.Ordinal));
            a.Stash.ClearStash();
        });
        Expect(true);
        Do(actor, a => a.Persist("x", _ => a.Tell(Record.Exception(a.Stash.Stash) is IllegalActorStateException)));
        Expect(true);
    }

    [Fact]
    public void Overflow_throws_by_default_and_the_restarted_actor_goes_on()
    {
        var (actor, gate) = Overflowing(null);
        Expect("stopped");
        Settle();
        gate.Open();
        Expect("recovered x", "ready", "command 1", "command 2", "command 3"); // 4 was lost with the exception
        ExpectNothing();
        Assert.NotNull(actor);
    }

    [Fact]
    public void Overflow_may_go_to_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        var (_, gate) = Overflowing(DiscardToDeadLetterStrategy.Instance);
        Assert.Equal("4", letters.ExpectMsg<DeadLetter>().Message);
        gate.Open();
        Expect("handled x 1", "command 1", "command 2", "command 3");
    }

    [Fact]
    public void Overflow_may_be_answered()
    {
        var (_, gate) = Overflowing(new ReplyToStrategy("full"));
        Expect("full");
        gate.Open();
        Expect("handled x 1", "command 1", "command 2", "command 3");
    }

    [Fact]
    public void Commands_that_waited_when_the_actor_stops_are_dead_letters()
    {
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        var gate = new WriteGate(Store);
        var actor = Ready();
        actor.Tell("stash zero");
        Do(actor, a => a.Persist("x", a.Handled));
        actor.Tell("one");
        actor.Tell("two");
        gate.AwaitTransaction();
        actor.Tell(PoisonPill.Instance); // handled at once, as the README says
        Expect("stopped");
        Assert.Equal(["stash zero", "one", "two"], letters.ReceiveN(3).Cast<DeadLetter>().Select(letter => letter.Message));
        gate.Open();
    }

    private (IActorRef Actor, WriteGate Gate) Overflowing(IStashOverflowStrategy? strategy)
    {
        var gate = new WriteGate(Store);
        var actor = Ready("a", new ScriptedOptions { Overflow = strategy });
        Do(actor, a => a.Persist("x", a.Handled));
        gate.AwaitTransaction();
        foreach (var text in (string[])["1", "2", "3", "4"])
        {
            actor.Tell(text);
        }

        return (actor, gate);
    }
}
