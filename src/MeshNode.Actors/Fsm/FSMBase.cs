namespace MeshNode.Actors;

/// <summary>What all state machines share: the types that do not depend on theirs.</summary>
public abstract class FSMBase : ActorBase, IWithTimers
{
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Delivered when the state's timeout has passed without a message.</summary>
    public sealed class StateTimeout
    {
        private StateTimeout()
        {
        }

        public static StateTimeout Instance { get; } = new();
    }

    public abstract class Reason
    {
        private protected Reason()
        {
        }
    }

    public sealed class Normal : Reason
    {
        public static Normal Instance { get; } = new();
    }

    /// <summary>The actor was stopped from outside.</summary>
    public sealed class Shutdown : Reason
    {
        public static Shutdown Instance { get; } = new();
    }

    /// <summary>The machine stopped because of an error.</summary>
    public sealed class Failure(object cause) : Reason
    {
        public object Cause { get; } = cause;

        public override string ToString() => $"Failure({Cause})";
    }

    /// <summary>Asks to be told the current state and each transition.</summary>
    public sealed record SubscribeTransitionCallBack(IActorRef ActorRef);

    public sealed record UnsubscribeTransitionCallBack(IActorRef ActorRef);

    public sealed record CurrentState<TState>(IActorRef FsmRef, TState State);

    public sealed record Transition<TState>(IActorRef FsmRef, TState From, TState To);

    public sealed record Event<TData>(object FsmEvent, TData StateData);

    public sealed record StopEvent<TState, TData>(Reason Reason, TState TerminatedState, TData StateData);
}
