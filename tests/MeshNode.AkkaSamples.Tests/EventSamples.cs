namespace AkkaSamples;

/// <summary>The event stream, dead letters and the log.</summary>
public sealed class EventSamples : TestKit
{
    public interface IAllKindsOfMusic;

    public sealed record Jazz(string Artist) : IAllKindsOfMusic;

    public sealed record Electronic(string Artist) : IAllKindsOfMusic;

    public class DeadLetterMonitor : ReceiveActor
    {
        public DeadLetterMonitor(IActorRef listener) => Receive<DeadLetter>(letter => listener.Tell($"{letter.Message} for {letter.Recipient.Path.Name}"));
    }

    public class Logging : ReceiveActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        public Logging() => Receive<int>(number =>
        {
            _log.Info("got {0}", number);
            _log.Warning("that was {0}", number);
        });
    }

    [Fact]
    public void Subscribers_get_what_is_published_of_their_type()
    {
        var jazz = CreateTestProbe();
        var music = CreateTestProbe();
        Sys.EventStream.Subscribe(jazz, typeof(Jazz));
        Sys.EventStream.Subscribe(music, typeof(IAllKindsOfMusic));
        Sys.EventStream.Publish(new Electronic("Parov Stelar"));
        Sys.EventStream.Publish(new Jazz("Sonny Rollins"));
        jazz.ExpectMsg(new Jazz("Sonny Rollins"));
        music.ExpectMsg(new Electronic("Parov Stelar"));
        music.ExpectMsg(new Jazz("Sonny Rollins"));
        Sys.EventStream.Unsubscribe(jazz, typeof(Jazz));
        Sys.EventStream.Publish(new Jazz("Bill Evans"));
        jazz.ExpectNoMsg();
    }

    [Fact]
    public void Dead_letters_are_published()
    {
        var monitor = Sys.ActorOf(Props.Create(() => new DeadLetterMonitor(TestActor)));
        Sys.EventStream.Subscribe(monitor, typeof(DeadLetter));
        var gone = Watch(Sys.ActorOf<Logging>("gone"));
        Sys.Stop(gone);
        ExpectTerminated(gone);
        gone.Tell("hello?");
        ExpectMsg("hello? for gone");
    }

    [Fact]
    public void Log_lines_are_events_with_their_source()
    {
        var logging = Sys.ActorOf<Logging>("logging");
        EventFilter.Info("got 1").And.Warning(start: "that was").Expect(2, () => logging.Tell(1));
        EventFilter.Info(source: logging.Path.ToString()).ExpectOne(() => logging.Tell(2));
        Sys.EventStream.Subscribe(TestActor, typeof(Warning));
        logging.Tell(3);
        var warning = ExpectMsg<Warning>();
        Assert.Equal("that was 3", warning.Message.ToString());
        Assert.Equal(LogLevel.WarningLevel, warning.LogLevel());
    }
}
