using System.Collections.Immutable;

namespace AkkaSamples;

/// <summary>State machines: a buncher that gathers messages, and a coffee machine.</summary>
public sealed class FsmSamples : TestKit
{
    public enum BuncherState
    {
        Idle,
        Active,
    }

    public interface IBuncherData;

    public sealed record Uninitialized : IBuncherData
    {
        public static readonly Uninitialized Instance = new();
    }

    public sealed record Todo(IActorRef Target, ImmutableList<object> Queue) : IBuncherData;

    public sealed record SetTarget(IActorRef Ref);

    public sealed record Queue(object Obj);

    public sealed record Flush
    {
        public static readonly Flush Instance = new();
    }

    public sealed record Batch(ImmutableList<object> Obj)
    {
        public override string ToString() => $"Batch [{string.Join(",", Obj)}]";
    }

    /// <summary>Gathers what is queued, and sends it when told to or when nothing has come for a second.</summary>
    public class Buncher : FSM<BuncherState, IBuncherData>
    {
        public Buncher()
        {
            StartWith(BuncherState.Idle, Uninitialized.Instance);

            When(BuncherState.Idle, state => state.FsmEvent is SetTarget target && state.StateData is Uninitialized
                ? Stay().Using(new Todo(target.Ref, ImmutableList<object>.Empty))
                : null);

            When(BuncherState.Active, state => (state.FsmEvent is Flush || state.FsmEvent is StateTimeout) && state.StateData is Todo todo
                ? GoTo(BuncherState.Idle).Using(todo with { Queue = ImmutableList<object>.Empty })
                : null, TimeSpan.FromSeconds(1));

            WhenUnhandled(state => state.FsmEvent is Queue queue && state.StateData is Todo todo
                ? GoTo(BuncherState.Active).Using(todo with { Queue = todo.Queue.Add(queue.Obj) })
                : Stay());

            OnTransition((initialState, nextState) =>
            {
                if (initialState == BuncherState.Active && nextState == BuncherState.Idle && StateData is Todo todo)
                {
                    todo.Target.Tell(new Batch(todo.Queue));
                }
            });

            Initialize();
        }
    }

    public enum Machine
    {
        Ready,
        Brewing,
        Broken,
    }

    /// <summary>Takes coins, brews for half a minute, and breaks after three cups.</summary>
    public class CoffeeMachine : FSM<Machine, int>
    {
        public CoffeeMachine(IActorRef log)
        {
            IActorRef? customer = null;
            StartWith(Machine.Ready, 0);
            When(Machine.Ready, message =>
            {
                if (message.FsmEvent is "coin")
                {
                    customer = Sender;
                    return GoTo(Machine.Brewing).Using(message.StateData + 1).Replying("thank you");
                }

                return null;
            });
            When(Machine.Brewing, message => message.FsmEvent switch
            {
                "brewed" when message.StateData == 3 => GoTo(Machine.Broken),
                "brewed" => GoTo(Machine.Ready),
                "coin" => Stay().Replying("wait"),
                _ => null,
            });
            When(Machine.Broken, message => message.FsmEvent is StateTimeout ? Stop(new Failure("nobody came to mend it")) : Stay(), TimeSpan.FromHours(1));
            OnTransition((from, to) =>
            {
                if (to == Machine.Brewing)
                {
                    SetTimer("brew", "brewed", TimeSpan.FromSeconds(30), repeat: false);
                }
                else if (from == Machine.Brewing)
                {
                    customer!.Tell("coffee");
                }
            });
            OnTermination(stop => log.Tell((stop.TerminatedState, stop.StateData)));
            Initialize();
        }
    }

    private TestScheduler Time => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Buncher_batches_what_was_queued()
    {
        var buncher = Sys.ActorOf(Props.Create<Buncher>());
        buncher.Tell(new SetTarget(TestActor));
        buncher.Tell(new Queue(42));
        buncher.Tell(new Queue(43));
        ExpectNoMsg();
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([42, 43], ExpectMsg<Batch>().Obj);
        buncher.Tell(new Queue(44));
        buncher.Tell(Flush.Instance);
        buncher.Tell(new Queue(45));
        Assert.Equal([44], ExpectMsg<Batch>().Obj);
        ExpectNoMsg();
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([45], ExpectMsg<Batch>().Obj);
    }

    [Fact]
    public void Listener_hears_of_each_transition()
    {
        var buncher = Sys.ActorOf(Props.Create<Buncher>());
        buncher.Tell(new FSMBase.SubscribeTransitionCallBack(TestActor));
        Assert.Equal(BuncherState.Idle, ExpectMsg<FSMBase.CurrentState<BuncherState>>().State);
        buncher.Tell(new SetTarget(CreateTestProbe()));
        buncher.Tell(new Queue(1));
        var transition = ExpectMsg<FSMBase.Transition<BuncherState>>();
        Assert.Equal((BuncherState.Idle, BuncherState.Active), (transition.From, transition.To));
        buncher.Tell(new FSMBase.UnsubscribeTransitionCallBack(TestActor));
        Time.Advance(TimeSpan.FromSeconds(2));
        ExpectNoMsg();
    }

    [Fact]
    public void Machine_runs_through_its_states_by_timers()
    {
        var log = CreateTestProbe();
        var machine = Sys.ActorOf(Props.Create(() => new CoffeeMachine(log.Ref)));
        Watch(machine);
        for (var cup = 1; cup <= 3; cup++)
        {
            machine.Tell("coin");
            ExpectMsg("thank you");
            machine.Tell("coin");
            ExpectMsg("wait");
            Time.Advance(TimeSpan.FromSeconds(30));
            ExpectMsg("coffee");
        }

        machine.Tell("coin");
        ExpectNoMsg();
        EventFilter.Error(contains: "nobody came").ExpectOne(() => Time.Advance(TimeSpan.FromHours(1)));
        ExpectTerminated(machine);
        log.ExpectMsg((Machine.Broken, 3));
    }

    [Fact]
    public void State_is_seen_and_set_through_a_TestFSMRef()
    {
        var machine = ActorOfAsTestFSMRef<CoffeeMachine, Machine, int>(Props.Create(() => new CoffeeMachine(TestActor)));
        Assert.Equal(Machine.Ready, machine.StateName);
        machine.SetState(Machine.Brewing, 2);
        Assert.Equal((Machine.Brewing, 2), (machine.StateName, machine.StateData));
        Assert.True(machine.IsTimerActive("brew"));
    }
}
