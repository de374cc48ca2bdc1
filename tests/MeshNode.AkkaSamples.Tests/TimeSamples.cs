namespace AkkaSamples;

/// <summary>Timers, receive timeouts and the scheduler.</summary>
public sealed class TimeSamples() : TestKit(Departures.FastTime)
{
    public class Sampler : ReceiveActor, IWithTimers
    {
        private int _total;
        private int _count;

        public Sampler(IActorRef listener)
        {
            Receive<int>(sample =>
            {
                _total += sample;
                Timers.StartSingleTimer("idle", "idle", TimeSpan.FromSeconds(10)); // starts anew each time
            });
            Receive<string>(text => text == "print", _ => listener.Tell((++_count, _total)));
            Receive<string>(text => text == "idle", _ =>
            {
                Timers.Cancel("print");
                listener.Tell(Timers.IsTimerActive("print") ? "still printing" : "idle");
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("print", "print", TimeSpan.FromSeconds(3));
    }

    public class Impatient : ReceiveActor
    {
        public Impatient(IActorRef listener)
        {
            SetReceiveTimeout(TimeSpan.FromSeconds(5));
            Receive<ReceiveTimeout>(_ =>
            {
                Context.SetReceiveTimeout(null);
                listener.Tell("gave up");
            });
            ReceiveAny(_ => { });
        }
    }

    public class Ticker : ReceiveActor
    {
        private readonly ICancelable _ticks;

        public Ticker(IActorRef listener)
        {
            _ticks = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(
                TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), Self, "tick", ActorRefs.NoSender);
            Receive<string>(listener.Tell);
        }

        protected override void PostStop() => _ticks.Cancel();
    }

    [Fact]
    public void Timers_run_under_their_keys()
    {
        var sampler = Sys.ActorOf(Props.Create(() => new Sampler(TestActor)));
        sampler.Tell(5);
        sampler.Tell(6);
        ExpectMsg((1, 11), TimeSpan.FromSeconds(4));
        ExpectMsg((2, 11), TimeSpan.FromSeconds(4));
        ExpectMsg((3, 11), TimeSpan.FromSeconds(4));
        ExpectMsg("idle", TimeSpan.FromSeconds(4));
        ExpectNoMsg(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Receive_timeout_comes_once_nothing_else_does()
    {
        var impatient = Sys.ActorOf(Props.Create(() => new Impatient(TestActor)));
        ExpectNoMsg(TimeSpan.FromSeconds(4));
        impatient.Tell("wait");
        ExpectNoMsg(TimeSpan.FromSeconds(4));
        ExpectMsg("gave up", TimeSpan.FromSeconds(2));
        ExpectNoMsg(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Scheduler_tells_repeatedly_until_cancelled()
    {
        var ticker = Sys.ActorOf(Props.Create(() => new Ticker(TestActor)));
        Within(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(6), () => ReceiveN(3));
        Watch(ticker);
        Sys.Stop(ticker);
        ExpectTerminated(ticker);
        ExpectNoMsg(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Scheduler_tells_once_and_runs_actions()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(2), TestActor, "second", ActorRefs.NoSender);
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromSeconds(1), () => TestActor.Tell("first"));
        var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(1), TestActor, "never", ActorRefs.NoSender, cancelable);
        cancelable.Cancel();
        Assert.Equal(["first", "second"], ReceiveN(2));
        ExpectNoMsg(TimeSpan.FromSeconds(5));
    }
}
