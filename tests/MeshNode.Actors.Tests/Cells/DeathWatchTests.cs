namespace MeshNode.Actors.Tests;

public sealed class DeathWatchTests : TestKit.TestKit
{
    private (IActorRef Watcher, TestKit.TestProbe Probe) Watcher()
    {
        var probe = CreateTestProbe();
        var watcher = ActorOf(Recorder.Props(probe.Ref));
        probe.ExpectMsg("PreStart");
        return (watcher, probe);
    }

    private IActorRef Subject() => ActorOf(Recorder.Props(CreateTestProbe().Ref));

    private void Tell(IActorRef watcher, object message)
    {
        watcher.Tell(message);
        ExpectMsg<string>();
    }

    [Fact]
    public void Terminated_comes_once_however_often_one_watches()
    {
        var (watcher, probe) = Watcher();
        var subject = Subject();
        Tell(watcher, new Recorder.WatchIt(subject));
        Tell(watcher, new Recorder.WatchIt(subject));
        Sys.Stop(subject);
        Assert.Equal(subject, probe.ExpectMsg<Recorder.Heard>().Subject);
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Watching_one_that_has_stopped_brings_Terminated_at_once()
    {
        var (watcher, probe) = Watcher();
        var subject = Subject();
        Watch(subject);
        Sys.Stop(subject);
        ExpectTerminated(subject);
        Tell(watcher, new Recorder.WatchIt(subject));
        probe.ExpectMsg<Recorder.Heard>();
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Unwatched_actor_dies_unnoticed()
    {
        var (watcher, probe) = Watcher();
        var subject = Subject();
        Tell(watcher, new Recorder.WatchIt(subject));
        Tell(watcher, new Recorder.UnwatchIt(subject));
        Watch(subject);
        Sys.Stop(subject);
        ExpectTerminated(subject);
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Unwatch_takes_back_a_notice_that_waits_in_the_mailbox()
    {
        using var release = new ManualResetEventSlim();
        var subject = Subject();
        var watcher = ActorOf(Props.Create(() => new BlocksThenUnwatches(subject, TestActor, release)));
        watcher.Tell("watch, block and unwatch");
        ExpectMsg("watching");
        Watch(subject);
        Sys.Stop(subject);
        ExpectTerminated(subject);
        release.Set();
        ExpectMsg("unwatched");
        watcher.Tell("ping");
        ExpectMsg("pong");
        ExpectNoMsg();
    }

    private sealed class BlocksThenUnwatches : ReceiveActor
    {
        public BlocksThenUnwatches(IActorRef subject, IActorRef probe, ManualResetEventSlim release)
        {
            Receive<string>(text => text == "ping", _ => probe.Tell("pong"));
            Receive<string>(_ =>
            {
                Context.Watch(subject);
                probe.Tell("watching");
                release.Wait(TimeSpan.FromSeconds(30));
                Self.Tell(new Recorder.UnwatchIt(subject)); // in front of Terminated, which comes by a system message later
            });
            Receive<Recorder.UnwatchIt>(_ =>
            {
                Context.Unwatch(subject);
                probe.Tell("unwatched");
            });
            Receive<Terminated>(terminated => probe.Tell(new Recorder.Heard(terminated.ActorRef)));
        }
    }

    [Fact]
    public void WatchWith_brings_the_message_given()
    {
        var (watcher, probe) = Watcher();
        var subject = Subject();
        Tell(watcher, new Recorder.WatchIt(subject, "gone"));
        Sys.Stop(subject);
        probe.ExpectMsg("gone");
        probe.ExpectNoMsg();
    }

    [Fact]
    public void Watch_outlives_a_restart_of_the_watcher_and_of_the_subject()
    {
        var (watcher, probe) = Watcher();
        var subject = Subject();
        Tell(watcher, new Recorder.WatchIt(subject));
        watcher.Tell(new Recorder.Fail(new InvalidOperationException("watcher")));
        probe.FishForMessage<string>(text => text == "PreStart");
        subject.Tell(new Recorder.Fail(new InvalidOperationException("subject")));
        probe.ExpectNoMsg();
        Sys.Stop(subject);
        probe.ExpectMsg<Recorder.Heard>();
    }

    [Fact]
    public void Terminated_comes_after_what_the_subject_had_sent()
    {
        var (watcher, probe) = Watcher();
        var subject = ActorOf(Props.Create(() => new LastWords(watcher)));
        Tell(watcher, new Recorder.WatchIt(subject));
        subject.Tell("go");
        for (var word = 0; word < 100; word++)
        {
            probe.ExpectMsg(word);
        }

        probe.ExpectMsg<Recorder.Heard>();
    }

    private sealed class LastWords(IActorRef listener) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            for (var word = 0; word < 100; word++)
            {
                listener.Tell(word);
            }

            Context.Stop(Self);
        }
    }

    [Fact]
    public void Unhandled_Terminated_breaks_the_watcher()
    {
        var subject = Subject();
        var watcher = Watch(ActorOf(Props.Create(() => new WatchesOnly(subject))));
        EventFilter.Exception<DeathPactException>().ExpectOne(() => Sys.Stop(subject));
        ExpectTerminated(watcher);
    }

    private sealed class WatchesOnly : ReceiveActor
    {
        public WatchesOnly(IActorRef subject) => Context.Watch(subject);
    }

    [Fact]
    public void Parent_that_watches_its_child_may_use_the_name_again_when_it_hears()
    {
        var parent = ActorOf(Props.Create(() => new Renewing(TestActor)));
        for (var generation = 0; generation < 20; generation++)
        {
            var child = ExpectMsg<IActorRef>();
            Sys.Stop(child);
        }

        ExpectMsg<IActorRef>();
        Assert.Single(((InternalActorRef)parent).GetChildren());
    }

    private sealed class Renewing : ReceiveActor
    {
        private readonly IActorRef _probe;

        public Renewing(IActorRef probe)
        {
            _probe = probe;
            Spawn();
            Receive<Terminated>(_ => Spawn());
        }

        private void Spawn() => _probe.Tell(Context.Watch(Context.ActorOf(Recorder.Props(ActorRefs.Nobody), "child")));
    }

    [Fact]
    public void Watchers_hear_after_the_subject_and_its_children_have_run_PostStop()
    {
        var subject = ActorOf(Recorder.Props(TestActor), "subject");
        ExpectMsg("PreStart");
        subject.Tell(new Recorder.Spawn(Recorder.Props(TestActor), "child"));
        var child = (IActorRef)ReceiveN(2).Single(message => message is IActorRef);
        Watch(subject);
        Watch(child);
        Sys.Stop(subject);
        ExpectMsg("PostStop");
        ExpectTerminated(child);
        ExpectMsg("PostStop");
        ExpectTerminated(subject);
    }

    [Fact]
    public void Watching_in_two_ways_at_once_is_refused()
    {
        var (watcher, _) = Watcher();
        var subject = Subject();
        Tell(watcher, new Recorder.WatchIt(subject));
        EventFilter.Exception<InvalidOperationException>(contains: "already watches").ExpectOne(() => watcher.Tell(new Recorder.WatchIt(subject, "gone")));
    }

    [Fact]
    public void Notices_of_one_subject_are_equal()
    {
        var subject = Subject();
        Assert.Equal(new Terminated(subject, true, false), new Terminated(subject, true, false));
        Assert.NotEqual(new Terminated(subject, true, false), new Terminated(subject, false, false));
    }
}
