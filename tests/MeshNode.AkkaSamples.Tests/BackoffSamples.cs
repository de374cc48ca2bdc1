namespace AkkaSamples;

/// <summary>A child that is started again later and later.</summary>
public sealed class BackoffSamples() : TestKit(Departures.FastTime)
{
    public class Connection : ReceiveActor
    {
        private readonly IActorRef _listener;

        public Connection(IActorRef listener)
        {
            _listener = listener;
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("connection lost"));
            Receive<string>(text => text == "stop", _ => Context.Stop(Self));
        }

        protected override void PreStart() => _listener.Tell("connecting");
    }

    [Fact]
    public void Child_that_stops_is_started_again_after_growing_delays()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(
            Props.Create(() => new Connection(TestActor)),
            childName: "connection",
            minBackoff: TimeSpan.FromSeconds(3),
            maxBackoff: TimeSpan.FromSeconds(30),
            randomFactor: 0)), "supervisor");
        ExpectMsg("connecting");
        foreach (var delay in new[] { 3, 6, 12, 24, 30, 30 })
        {
            supervisor.Tell("stop");
            Within(TimeSpan.FromSeconds(delay), TimeSpan.FromSeconds(delay + 1), () => ExpectMsg("connecting"));
        }
    }

    [Fact]
    public void Child_that_fails_is_started_again_after_a_delay()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(
            Props.Create(() => new Connection(TestActor)),
            "connection",
            TimeSpan.FromSeconds(3),
            TimeSpan.FromSeconds(30),
            0.2)), "supervisor");
        ExpectMsg("connecting");
        supervisor.Tell("fail");
        Within(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4), () => ExpectMsg("connecting"));
        Watch(supervisor);
        supervisor.Tell("stop");
        ExpectTerminated(supervisor); // with its child, which meant to stop
    }
}
