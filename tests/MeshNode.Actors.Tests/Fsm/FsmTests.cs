namespace MeshNode.Actors.Tests;

public sealed class FsmTests : TestKit.TestKit
{
    private enum Door
    {
        Closed,
        Open,
        Broken,
    }

    private sealed class DoorFsm : FSM<Door, int>
    {
        public DoorFsm(IActorRef probe)
        {
            StartWith(Door.Closed, 0);
            When(Door.Closed, e => e.FsmEvent switch
            {
                "open" => GoTo(Door.Open).Using(e.StateData + 1).Replying($"opened {e.StateData + 1}"),
                "stay" => Stay().Replying("stayed"),
                "again" => GoTo(Door.Closed),
                "stop" => Stop(FSMBase.Normal.Instance, -1),
                "nowhere" => GoTo(Door.Broken),
                _ => null,
            });
            When(Door.Open, e => e.FsmEvent switch
            {
                FSMBase.StateTimeout => GoTo(Door.Closed),
                "hold" => Stay().ForMax(TimeSpan.FromSeconds(10)),
                "timer" => SetsTimer(),
                _ => null,
            }, TimeSpan.FromSeconds(5));
            WhenUnhandled(e =>
            {
                probe.Tell($"unhandled {e.FsmEvent} in {StateName}");
                return Stay();
            });
            OnTransition((from, to) => probe.Tell($"{from}->{to} {NextStateData}"));
            OnTermination(stop => probe.Tell($"terminated {stop.Reason.GetType().Name} {stop.TerminatedState} {stop.StateData}"));
            Initialize();

            State<Door, int> SetsTimer()
            {
                SetTimer("name", "timer fired", TimeSpan.FromSeconds(1));
                return Stay();
            }
        }
    }

    private IActorRef Machine()
    {
        var machine = ActorOf(Props.Create(() => new DoorFsm(TestActor)));
        ExpectMsg("Closed->Closed 0"); // Initialize enters the first state
        return machine;
    }

    [Fact]
    public void Events_change_state_and_data_and_are_answered()
    {
        var machine = Machine();
        machine.Tell("open");
        ExpectMsgAllOf<object>("opened 1", "Closed->Open 1");
        machine.Tell("strange");
        ExpectMsg("unhandled strange in Open");
    }

    [Fact]
    public void State_timeout_comes_after_silence_in_the_state()
    {
        var machine = Machine();
        machine.Tell("open");
        ReceiveN(2);
        ExpectNoMsg(TimeSpan.FromSeconds(4));
        machine.Tell("noise");
        ExpectMsg("unhandled noise in Open");
        ExpectNoMsg(TimeSpan.FromSeconds(4));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("Open->Closed 1");
        ExpectNoMsg(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void ForMax_replaces_the_timeout_once_and_named_timers_are_events()
    {
        var machine = Machine();
        machine.Tell("open");
        ReceiveN(2);
        machine.Tell("hold");
        ExpectNoMsg(TimeSpan.FromSeconds(9));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("Open->Closed 1");
        machine.Tell("open");
        ReceiveN(2);
        machine.Tell("timer");
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("unhandled timer fired in Open");
    }

    [Fact]
    public void GoTo_the_same_state_is_a_transition_and_Stay_is_none()
    {
        var machine = Machine();
        machine.Tell("again");
        ExpectMsg("Closed->Closed 0");
        machine.Tell("stay");
        ExpectMsg("stayed");
        ExpectNoMsg();
    }

    [Fact]
    public void Stop_ends_the_actor_and_says_why()
    {
        var machine = Watch(Machine());
        machine.Tell("stop");
        ExpectMsg("terminated Normal Closed -1");
        ExpectTerminated(machine);

        var outside = Watch(Machine());
        Sys.Stop(outside);
        ExpectMsg("terminated Shutdown Closed 0");
        ExpectTerminated(outside);

        var lost = Watch(Machine());
        lost.Tell("nowhere");
        ExpectMsg("terminated Failure Closed 0");
        ExpectTerminated(lost);
    }

    [Fact]
    public void Subscriber_hears_the_current_state_and_transitions()
    {
        var machine = Machine();
        var probe = CreateTestProbe();
        probe.Send(machine, new FSMBase.SubscribeTransitionCallBack(probe.Ref));
        probe.ExpectMsg(new FSMBase.CurrentState<Door>(machine, Door.Closed));
        machine.Tell("open");
        probe.ExpectMsg(new FSMBase.Transition<Door>(machine, Door.Closed, Door.Open));
    }

    private sealed class Worker : FSM<string, int>, IWithTimers
    {
        public Worker(IActorRef probe, ManualResetEventSlim? release = null)
        {
            StartWith("idle", 0);
            When("idle", Transform(e => e.FsmEvent switch
            {
                "work" => GoTo("working").Using(5),
                "fail" => throw new InvalidOperationException("broken"),
                "die" => Stop(new Failure("cause of death")),
                _ => null,
            }).Using(state => state.StateName == "working" ? state.Using(state.StateData + 1).Replying("transformed") : state));
            When("working", e => Handle(e, probe, release));
            When("working", e => e.FsmEvent is "second handler" ? Stay().Replying("second") : null);
            WhenUnhandled(_ => throw new NotSupportedException("replaced by the next"));
            WhenUnhandled(_ => null);
            Initialize();
        }

        public ITimerScheduler Timers { get; set; } = null!;

        private State<string, int>? Handle(Event<int> e, IActorRef probe, ManualResetEventSlim? release)
        {
            switch (e.FsmEvent)
            {
                case "data":
                    return Stay().Replying(e.StateData);
                case "timers":
                    SetTimer("name", "first", TimeSpan.FromSeconds(1));
                    SetTimer("repeated", "again", TimeSpan.FromSeconds(1), repeat: true);
                    Timers.StartSingleTimer("name", "user's", TimeSpan.FromSeconds(1));
                    Timers.CancelAll();
                    return Stay().Replying(IsTimerActive("name"));
                case "cancel":
                    CancelTimer("repeated");
                    return Stay();
                case "replace":
                    probe.Tell("blocking");
                    release!.Wait(TimeSpan.FromSeconds(30));
                    SetTimer("name", "second", TimeSpan.FromSeconds(5));
                    return Stay();
                case "timeout":
                    SetStateTimeout("working", TimeSpan.FromSeconds(3));
                    return GoTo("working");
                case "no timeout":
                    SetStateTimeout("working", null);
                    return Stay();
                case "first" or "second" or "again" or StateTimeout:
                    probe.Tell(e.FsmEvent);
                    return Stay();
                default:
                    return null;
            }
        }
    }

    private IActorRef Working(ManualResetEventSlim? release = null)
    {
        var machine = ActorOf(Props.Create(() => new Worker(TestActor, release)));
        machine.Tell("work");
        ExpectMsg("transformed");
        return machine;
    }

    [Fact]
    public void Transform_changes_what_a_handler_answers()
    {
        Working().Tell("data");
        ExpectMsg(6);
    }

    [Fact]
    public void Handlers_of_one_state_are_tried_in_order_and_the_rest_is_a_warning()
    {
        var machine = Working();
        machine.Tell("second handler");
        ExpectMsg("second");
        EventFilter.Warning(contains: "unhandled event strange in state working").ExpectOne(() => machine.Tell("strange"));
    }

    [Fact]
    public void Machines_timers_are_apart_from_those_of_IWithTimers()
    {
        var machine = Working();
        machine.Tell("timers");
        ExpectMsg(true);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["again", "again", "first"], ReceiveN(3).Order());
        machine.Tell("cancel");
        ExpectNoMsg(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Message_of_a_timer_that_was_set_again_does_not_come_even_from_the_mailbox()
    {
        using var release = new ManualResetEventSlim();
        var machine = Working(release);
        machine.Tell("timers");
        ExpectMsg(true);
        machine.Tell("cancel");
        machine.Tell("replace");
        ExpectMsg("blocking");
        ((SchedulerBase)Scheduler).RunDue(TimeSpan.FromSeconds(1)); // the first one's message is in the mailbox
        release.Set();
        Settle();
        ExpectNoMsg(TimeSpan.FromSeconds(4));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        ExpectMsg("second");
    }

    [Fact]
    public void State_timeout_can_be_set_and_taken_away_later()
    {
        var machine = Working();
        machine.Tell("timeout");
        Settle();
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        ExpectMsg<FSMBase.StateTimeout>();
        machine.Tell("no timeout");
        ExpectNoMsg(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Restart_begins_in_the_first_state_without_the_timers()
    {
        var parent = ActorOf(Recorder.Props(CreateTestProbe().Ref, new OneForOneStrategy(_ => Directive.Restart)));
        parent.Tell(new Recorder.Spawn(Props.Create(() => new Worker(TestActor, null)), "machine"));
        var child = ExpectMsg<IActorRef>();
        child.Tell("work");
        ExpectMsg("transformed");
        child.Tell("timers");
        ExpectMsg(true);
        child.Tell(Kill.Instance);
        ExpectNoMsg(TimeSpan.FromSeconds(5));
        child.Tell("work"); // idle again
        ExpectMsg("transformed");
    }

    [Fact]
    public void Failure_that_ends_a_machine_is_logged()
    {
        var machine = Watch(ActorOf(Props.Create(() => new Worker(TestActor, null))));
        EventFilter.Error(contains: "cause of death").ExpectOne(() => machine.Tell("die"));
        ExpectTerminated(machine);
    }

    [Fact]
    public void Subscriber_that_unsubscribes_or_stops_hears_no_more()
    {
        var machine = Machine();
        var probe = CreateTestProbe();
        machine.Tell(new FSMBase.SubscribeTransitionCallBack(probe.Ref));
        probe.ExpectMsg<FSMBase.CurrentState<Door>>();
        machine.Tell(new FSMBase.UnsubscribeTransitionCallBack(probe.Ref));
        machine.Tell(new FSMBase.SubscribeTransitionCallBack(ActorRefs.Nobody));
        machine.Tell("open");
        ExpectMsgAllOf<object>("opened 1", "Closed->Open 1");
        probe.ExpectNoMsg();
    }
}
