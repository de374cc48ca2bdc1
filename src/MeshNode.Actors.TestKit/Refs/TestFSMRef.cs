namespace MeshNode.Actors.TestKit;

/// <summary>A <see cref="TestActorRef{TActor}"/> whose state a test sees and sets, with all that a transition entails.</summary>
public sealed class TestFSMRef<TActor, TState, TData> : TestActorRefBase<TActor>
    where TState : notnull
    where TActor : FSM<TState, TData>
{
    /// <inheritdoc/>
    public TestFSMRef(ActorSystem system, Props props, IActorRef? supervisor = null, string? name = null)
        : base(system, props, supervisor, name)
    {
    }

    public TState StateName => UnderlyingActor.StateName;

    public TData StateData => UnderlyingActor.StateData;

    public void SetState(TState stateName, TimeSpan? timeout = null) => SetState(stateName, StateData, timeout);

    public void SetState(TState stateName, TData stateData, TimeSpan? timeout = null, FSMBase.Reason? stopReason = null)
    {
        var machine = UnderlyingActor;
        InActor(_ =>
        {
            machine.SetStateForTest(stateName, stateData, timeout, stopReason);
            return true;
        });
    }

    public void SetStateData(TData stateData, TimeSpan? timeout = null) => SetState(StateName, stateData, timeout);

    public void SetStateTimeout(TimeSpan timeout) => SetState(StateName, StateData, timeout);

    public void SetTimer(string name, object msg, TimeSpan timeout, bool repeat = false)
    {
        var machine = UnderlyingActor;
        InActor(_ =>
        {
            machine.SetTimer(name, msg, timeout, repeat);
            return true;
        });
    }

    public void CancelTimer(string name) => UnderlyingActor.CancelTimer(name);

    public bool IsTimerActive(string name) => UnderlyingActor.IsTimerActive(name);

    public bool IsStateTimerActive() => UnderlyingActor.IsStateTimerActive;
}
