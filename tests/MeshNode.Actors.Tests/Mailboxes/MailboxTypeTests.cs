namespace MeshNode.Actors.Tests;

public sealed class MailboxTypeTests : TestKit.TestKit
{
    private sealed class LowFirst : UnboundedPriorityMailbox
    {
        protected override int PriorityGenerator(object message) => message is string text ? text[0] : 0;
    }

    private sealed class Gated : ReceiveActor, IWithStash
    {
        public Gated(IActorRef probe)
        {
            Receive<ManualResetEventSlim>(gate =>
            {
                probe.Tell("waiting");
                gate.Wait(TimeSpan.FromSeconds(30));
            });
            Receive<string>(text =>
            {
                if (text == "stash")
                {
                    Stash.Stash();
                    return;
                }

                if (text == "unstash")
                {
                    Stash.UnstashAll();
                    Become(() => ReceiveAny(message => probe.Tell(message)));
                    return;
                }

                probe.Tell(text);
            });
        }

        public IStash Stash { get; set; } = null!;
    }

    /// <summary>An actor that handles nothing until the gate is set.</summary>
    private (IActorRef Actor, ManualResetEventSlim Gate) Start(string mailbox)
    {
        var gate = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Gated(TestActor)).WithMailbox(mailbox));
        actor.Tell(gate);
        ExpectMsg("waiting");
        return (actor, gate);
    }

    [Fact]
    public void Priority_mailbox_gives_lowest_first_and_equal_ones_in_order()
    {
        Sys.Mailboxes.Register("priority", new LowFirst());
        var (actor, gate) = Start("priority");
        foreach (var text in new[] { "c1", "a1", "b1", "c2", "a2", "b2", "a3" })
        {
            actor.Tell(text);
        }

        gate.Set();
        Assert.Equal(["a1", "a2", "a3", "b1", "b2", "c1", "c2"], ReceiveN(7));
    }

    [Fact]
    public void Unstashed_messages_go_before_what_a_priority_mailbox_holds()
    {
        Sys.Mailboxes.Register("priority", new LowFirst());
        var actor = Sys.ActorOf(Props.Create(() => new Gated(TestActor)).WithMailbox("priority"));
        actor.Tell("stash");
        AwaitCondition(() => ((LocalActorRef)actor).Cell.Mailbox.NumberOfMessages == 0);
        var gate = new ManualResetEventSlim();
        actor.Tell(gate);
        ExpectMsg("waiting");
        actor.Tell("unstash");
        actor.Tell("zzz");
        gate.Set();
        Assert.Equal(["stash", "zzz"], ReceiveN(2));
    }

    [Fact]
    public void Bounded_mailbox_sends_what_does_not_fit_to_dead_letters_and_goes_on()
    {
        Sys.Mailboxes.Register("bounded", new BoundedMailbox(2));
        var letters = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(letters.Ref);
        var (actor, gate) = Start("bounded");
        for (var number = 1; number <= 4; number++)
        {
            actor.Tell($"m{number}");
        }

        Assert.Equal("m3", letters.ExpectMsg<DeadLetter>().Message);
        Assert.Equal("m4", letters.ExpectMsg<DeadLetter>().Message);
        gate.Set();
        Assert.Equal(["m1", "m2"], ReceiveN(2));
        actor.Tell("m5");
        ExpectMsg("m5");
    }

    [Fact]
    public void System_messages_pass_a_full_bounded_mailbox()
    {
        Sys.Mailboxes.Register("bounded", new BoundedMailbox(1));
        var (actor, gate) = Start("bounded");
        actor.Tell("never handled");
        Watch(actor);
        Sys.Stop(actor);
        gate.Set();
        ExpectTerminated(actor);
    }

    [Fact]
    public void Unknown_mailbox_is_refused() =>
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Props.Create(() => new Gated(TestActor)).WithMailbox("unknown")));

    [Fact]
    public void Taken_id_is_not_registered_again()
    {
        Assert.True(Sys.Mailboxes.Register("mine", new BoundedMailbox(1)));
        Assert.False(Sys.Mailboxes.Register("mine", new BoundedMailbox(2)));
        Assert.False(Sys.Mailboxes.Register(Mailboxes.DefaultMailboxId, new BoundedMailbox(2)));
    }
}
