namespace MeshNode.Actors.Tests;

public sealed class TestFSMRefTests : MeshNode.Actors.TestKit.TestKit
{
    public enum Light
    {
        Off,
        On,
    }

    private sealed class Lamp : FSM<Light, int>
    {
        public Lamp(List<(Light, Light)> transitions)
        {
            StartWith(Light.Off, 0);
            When(Light.Off, message => message.FsmEvent is "press" ? GoTo(Light.On).Using(message.StateData + 1) : null);
            When(Light.On, message => message.FsmEvent is "press" or StateTimeout ? GoTo(Light.Off) : null, TimeSpan.FromMinutes(1));
            OnTransition((from, to) => transitions.Add((from, to)));
            Initialize();
        }
    }

    [Fact]
    public void State_is_seen_and_set_with_all_that_a_transition_entails()
    {
        var transitions = new List<(Light, Light)>();
        var lamp = ActorOfAsTestFSMRef<Lamp, Light, int>(() => new Lamp(transitions), "lamp");
        transitions.Clear();
        Assert.Equal((Light.Off, 0), (lamp.StateName, lamp.StateData));
        lamp.Tell("press");
        Assert.Equal((Light.On, 1), (lamp.StateName, lamp.StateData));
        lamp.SetState(Light.Off);
        Assert.Equal((Light.Off, 1), (lamp.StateName, lamp.StateData));
        lamp.SetState(Light.On, 41);
        Assert.Equal([(Light.Off, Light.On), (Light.On, Light.Off), (Light.Off, Light.On)], transitions);
        Assert.True(lamp.IsStateTimerActive());
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((Light.Off, 41), (lamp.StateName, lamp.StateData));
        lamp.SetStateData(5);
        Assert.Equal(5, lamp.StateData);
    }

    [Fact]
    public void Timers_and_timeouts_are_seen_and_set()
    {
        var lamp = ActorOfAsTestFSMRef<Lamp, Light, int>(() => new Lamp([]));
        lamp.SetTimer("press", "press", TimeSpan.FromSeconds(1), repeat: true);
        Assert.True(lamp.IsTimerActive("press"));
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((Light.On, 2), (lamp.StateName, lamp.StateData));
        lamp.CancelTimer("press");
        Assert.False(lamp.IsTimerActive("press"));
        lamp.SetStateTimeout(TimeSpan.FromSeconds(5));
        Scheduler.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(Light.Off, lamp.StateName);
    }

    [Fact]
    public void Set_stop_reason_stops_it()
    {
        var lamp = ActorOfAsTestFSMRef<Lamp, Light, int>(() => new Lamp([]));
        Watch(lamp);
        lamp.SetState(Light.Off, 0, stopReason: FSMBase.Normal.Instance);
        ExpectTerminated(lamp);
    }
}
