using MeshNode.Actors.Event;

namespace MeshNode.Actors.Tests;

public sealed class DeadLetterTests : TestKit.TestKit
{
    private sealed record Harmless : IDeadLetterSuppression;

    private sealed class Deaf : UntypedActor
    {
        protected override void OnReceive(object message) => Unhandled(message);
    }

    private IActorRef Gone()
    {
        var actor = Watch(ActorOf(Recorder.Props(ActorRefs.Nobody)));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        return actor;
    }

    [Fact]
    public void What_a_stopped_actor_is_told_becomes_a_dead_letter()
    {
        var gone = Gone();
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        gone.Tell("lost", TestActor);
        ExpectMsg(new DeadLetter("lost", TestActor, gone));
        gone.Tell("nobody's", ActorRefs.NoSender);
        ExpectMsg(new DeadLetter("nobody's", Sys.DeadLetters, gone));
        Sys.DeadLetters.Tell("for the dead", TestActor);
        ExpectMsg(new DeadLetter("for the dead", TestActor, Sys.DeadLetters));
    }

    [Fact]
    public void Losses_that_are_normal_are_told_to_those_only_who_ask_for_them()
    {
        var gone = Gone();
        var all = CreateTestProbe();
        Sys.EventStream.Subscribe<DeadLetter>(TestActor);
        Sys.EventStream.Subscribe<AllDeadLetters>(all.Ref);
        gone.Tell(new Harmless(), TestActor);
        all.ExpectMsg(new SuppressedDeadLetter(new Harmless(), TestActor, gone));
        ExpectNoMsg();
    }

    [Fact]
    public void Dropped_and_unhandled_messages_are_dead_letters_of_a_kind()
    {
        var deaf = ActorOf<Deaf>();
        Sys.EventStream.Subscribe<AllDeadLetters>(TestActor);
        Sys.DeadLetters.Tell(new Dropped("full", "the queue is full", TestActor, deaf));
        ExpectMsg(new Dropped("full", "the queue is full", TestActor, deaf));
        deaf.Tell("what?", TestActor);
        ExpectMsg(new UnhandledMessage("what?", TestActor, deaf));
    }

    [Fact]
    public void So_many_lost_messages_are_logged_and_more_after_a_while()
    {
        var gone = Gone();
        var deaf = ActorOf<Deaf>();
        Sys.EventStream.Subscribe<Info>(TestActor);
        for (var number = 0; number < 8; number++)
        {
            gone.Tell(number);
        }

        deaf.Tell("unhandled");
        Settle();
        Sys.DeadLetters.Tell(new Dropped("dropped", "why", deaf));
        for (var number = 0; number < 20; number++)
        {
            gone.Tell(number);
        }

        var lines = ReceiveN(10).Select(message => ((Info)message).Message.ToString()!).ToList();
        Assert.All(lines[..8], line => Assert.Contains("Message [System.Int32] from", line, StringComparison.Ordinal));
        Assert.Contains("was not handled", lines[8], StringComparison.Ordinal);
        Assert.Contains("was dropped: why. No more of these are logged for 00:05:00", lines[9], StringComparison.Ordinal);
        ExpectNoMsg(TimeSpan.FromMinutes(4.9));
        gone.Tell("still silent");
        ExpectNoMsg(TimeSpan.FromMinutes(0.1));
        gone.Tell("again");
        ExpectMsg<Info>();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(int.MaxValue, 30)]
    public async Task Log_of_lost_messages_is_set_by_the_setup(int setting, int logged)
    {
        await using var system = ActorSystem.Create("other", ActorSystemSetup.Empty with { LogDeadLetters = setting });
        system.EventStream.Subscribe<Info>(TestActor);
        for (var number = 0; number < 30; number++)
        {
            system.DeadLetters.Tell(number);
        }

        ReceiveN(logged);
        ExpectNoMsg();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Losses_during_shutdown_are_logged_only_where_the_setup_says_so(bool setting, int logged)
    {
        var system = ActorSystem.Create("other", ActorSystemSetup.Empty with { LogDeadLettersDuringShutdown = setting });
        system.EventStream.Subscribe<Info>(TestActor);
        await system.Terminate().WaitAsync(TimeSpan.FromSeconds(30));
        system.DeadLetters.Tell("late");
        ReceiveN(logged);
        ExpectNoMsg();
    }
}
