namespace AkkaSamples;

/// <summary>The first program: a message, an actor, a system.</summary>
public sealed class GreeterSample
{
    public sealed class Greet(string who)
    {
        public string Who { get; } = who;
    }

    public class GreetingActor : ReceiveActor
    {
        public GreetingActor() => Receive<Greet>(greet => Sender.Tell($"Hello {greet.Who}", Self));
    }

    public class CountingActor : UntypedActor
    {
        private int _count;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "count":
                    _count++;
                    break;
                case "get":
                    Sender.Tell(_count);
                    break;
                default:
                    Unhandled(message);
                    break;
            }
        }
    }

    [Fact]
    public async Task Greeter_greets()
    {
        var system = ActorSystem.Create("MySystem");
        var greeter = system.ActorOf(Props.Create(() => new GreetingActor()), "greeter");

        Assert.Equal("Hello World", await greeter.Ask<string>(new Greet("World"), TimeSpan.FromSeconds(15)));
        Assert.Equal("akka://MySystem/user/greeter", greeter.Path.ToString());

        await system.Terminate();
        Assert.True(system.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task Untyped_actor_keeps_state_between_messages()
    {
        using var system = ActorSystem.Create("counting");
        var counter = system.ActorOf(Props.Create<CountingActor>(), "counter");
        counter.Tell("count");
        counter.Tell("count");
        Assert.Equal(2, await counter.Ask<int>("get"));
    }
}
