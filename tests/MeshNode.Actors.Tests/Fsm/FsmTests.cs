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
}
