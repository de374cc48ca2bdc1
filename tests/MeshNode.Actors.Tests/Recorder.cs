namespace MeshNode.Actors.Tests;

/// <summary>Tells its probe each step of its life and answers simple commands.</summary>
internal sealed class Recorder : ReceiveActor, IWithTimers, IWithStash
{
    internal sealed record Fail(Exception Cause);

    internal sealed record Spawn(Props Props, string? Name);

    internal sealed record StopYourself;

    /// <summary>Told to the probe: a <see cref="Terminated"/> itself cannot be passed on, as in Akka.</summary>
    internal sealed record Heard(IActorRef Subject);

    internal sealed record WatchIt(IActorRef Subject, object? Notice = null);

    internal sealed record UnwatchIt(IActorRef Subject);

    private readonly IActorRef _probe;
    private readonly SupervisorStrategy _strategy;
    private int _handled;

    public Recorder(IActorRef probe, SupervisorStrategy? strategy = null)
    {
        _probe = probe;
        _strategy = strategy ?? Actors.SupervisorStrategy.DefaultStrategy;
        Receive<Fail>(fail => throw fail.Cause);
        Receive<Spawn>(spawn => Sender.Tell(Context.ActorOf(spawn.Props, spawn.Name)));
        Receive<StopYourself>(_ => Context.Stop(Self));
        Receive<WatchIt>(watch =>
        {
            if (watch.Notice is { } notice)
            {
                Context.WatchWith(watch.Subject, notice);
            }
            else
            {
                Context.Watch(watch.Subject);
            }

            Sender.Tell("watching");
        });
        Receive<UnwatchIt>(watch =>
        {
            Context.Unwatch(watch.Subject);
            Sender.Tell("unwatched");
        });
        Receive<Terminated>(terminated => _probe.Tell(new Heard(terminated.ActorRef)));
        Receive<string>(text => text == "count", _ => Sender.Tell(++_handled));
        ReceiveAny(message => _probe.Tell(message));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public IStash Stash { get; set; } = null!;

    public static Props Props(IActorRef probe, SupervisorStrategy? strategy = null) => Actors.Props.Create(() => new Recorder(probe, strategy));

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    protected override void PreStart() => _probe.Tell("PreStart");

    protected override void PostStop() => _probe.Tell("PostStop");

    protected override void PreRestart(Exception reason, object message)
    {
        _probe.Tell($"PreRestart {reason.Message}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _probe.Tell($"PostRestart {reason.Message}");
        base.PostRestart(reason);
    }
}
