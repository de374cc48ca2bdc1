using MeshNode.Actors.Event;

namespace MeshNode.Actors.Tests;

public sealed class EventStreamTests : TestKit.TestKit
{
    private interface IAnimal;

    private sealed record Dog : IAnimal;

    private sealed record Cat : IAnimal;

    [Fact]
    public void Subscribers_of_a_type_or_its_base_receive_once()
    {
        var dogs = CreateTestProbe();
        Assert.True(Sys.EventStream.Subscribe<IAnimal>(TestActor));
        Assert.True(Sys.EventStream.Subscribe<Dog>(TestActor));
        Assert.False(Sys.EventStream.Subscribe<Dog>(TestActor));
        Sys.EventStream.Subscribe<Dog>(dogs.Ref);
        Sys.EventStream.Publish(new Dog());
        Sys.EventStream.Publish(new Cat());
        ExpectMsg<Dog>();
        ExpectMsg<Cat>();
        ExpectNoMsg();
        dogs.ExpectMsg<Dog>();
        dogs.ExpectNoMsg();

        Sys.EventStream.Unsubscribe<IAnimal>(TestActor);
        Sys.EventStream.Publish(new Cat());
        ExpectNoMsg();
        Assert.True(Sys.EventStream.Unsubscribe(TestActor));
        Assert.False(Sys.EventStream.Unsubscribe(TestActor));
        Sys.EventStream.Publish(new Dog());
        ExpectNoMsg();
    }

    [Fact]
    public void Subscriber_that_stops_is_removed()
    {
        var subscriber = Watch(ActorOf(Recorder.Props(CreateTestProbe().Ref)));
        Sys.EventStream.Subscribe<Dog>(subscriber);
        Sys.Stop(subscriber);
        ExpectTerminated(subscriber);
        EventFilter.DeadLetter().Expect(0, () => Sys.EventStream.Publish(new Dog()));
        Assert.False(Sys.EventStream.Unsubscribe(subscriber));
        Sys.EventStream.Subscribe<Dog>(subscriber);
        Assert.False(Sys.EventStream.Unsubscribe(subscriber));
    }

    [Fact]
    public void Log_events_below_the_level_are_not_made()
    {
        Sys.EventStream.Subscribe<LogEvent>(TestActor);
        Sys.Log.Debug("too fine {0}", 1);
        Sys.Log.Info("Peer {0} has {1}", "a", 2);
        var info = ExpectMsg<Info>();
        Assert.Equal("Peer a has 2", info.Message.ToString());
        Sys.Log.Warning("braces {of} no format {0}", 3);
        Assert.Contains("3", ExpectMsg<Warning>().Message.ToString(), StringComparison.Ordinal);
        ExpectNoMsg();
    }

    [Fact]
    public void Actors_logger_names_its_path()
    {
        Sys.EventStream.Subscribe<Info>(TestActor);
        ActorOf(Props.Create(() => new Logs()), "logs").Tell("hello");
        Assert.Equal("akka://test/user/logs", ExpectMsg<Info>().LogSource);
    }

    private sealed class Logs : ReceiveActor
    {
        public Logs() => Receive<string>(text => Context.GetLogger().Info(text));
    }

    [Theory]
    [InlineData("Peer {Name} has {Count} channels", "Peer a has 2 channels")]
    [InlineData("Peer {@Name} has {Count:000} of {{max}}", "Peer a has 002 of {max}")]
    [InlineData("Peer {Name,3} has {Count}", "Peer   a has 2")]
    [InlineData("Peer {0} has {1} and {0}", "Peer a has 2 and a")]
    public void Log_formats_have_named_or_numbered_holes(string format, string text)
    {
        Sys.EventStream.Subscribe<LogEvent>(TestActor);
        Sys.Log.Log(LogLevel.WarningLevel, format, "a", 2);
        Assert.Equal(text, ExpectMsg<Warning>().Message.ToString());
    }
}
