namespace AkkaSamples;

/// <summary>Asking for an answer, and bringing the results of tasks back as messages.</summary>
public sealed class AskSamples : TestKit
{
    public sealed record Request(int Number);

    public class Doubler : ReceiveActor
    {
        public Doubler()
        {
            Receive<Request>(request => request.Number > 0, request => Sender.Tell(request.Number * 2));
            Receive<Request>(request => request.Number < 0, _ => Sender.Tell(new Status.Failure(new ArgumentException("negative"))));
            Receive<Request>(_ => { });
        }
    }

    /// <summary>Asks two others and pipes both answers on.</summary>
    public class Adder : ReceiveActor
    {
        public Adder(IActorRef left, IActorRef right)
        {
            Receive<Request>(request => Task.WhenAll(left.Ask<int>(request), right.Ask<int>(request))
                .PipeTo(Sender, Self, success: both => both.Sum(), failure: ex => new Status.Failure(ex)));
            Receive<Task<string>>(task => task.PipeTo(Self, Sender));
            Receive<string>(text => Sender.Tell($"piped {text}"));
            Receive<Status.Failure>(failure => Sender.Tell($"failed: {failure.Cause.Message}"));
        }
    }

    [Fact]
    public async Task Answer_failure_and_silence()
    {
        var doubler = Sys.ActorOf<Doubler>();
        Assert.Equal(42, await doubler.Ask<int>(new Request(21), TimeSpan.FromSeconds(15)));
        Assert.Equal("negative", (await Assert.ThrowsAsync<ArgumentException>(() => doubler.Ask<int>(new Request(-1)))).Message);
        var unanswered = doubler.Ask<int>(new Request(0), TimeSpan.FromSeconds(3));
        ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(3));
        await Assert.ThrowsAsync<AskTimeoutException>(() => unanswered);
    }

    [Fact]
    public void Results_are_piped_as_messages()
    {
        var adder = Sys.ActorOf(Props.Create(() => new Adder(Sys.ActorOf<Doubler>(null), Sys.ActorOf<Doubler>(null))));
        adder.Tell(new Request(5));
        ExpectMsg(20);
        adder.Tell(new Request(-5));
        ExpectMsg<Status.Failure>();
        adder.Tell(Task.FromResult("text"));
        ExpectMsg("piped text");
        adder.Tell(Task.FromException<string>(new InvalidOperationException("broken")));
        ExpectMsg<string>(text => text.StartsWith("failed: "));
    }
}
