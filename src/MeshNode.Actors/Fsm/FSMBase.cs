namespace MeshNode.Actors;

/// <summary>What all state machines share: the types that do not depend on theirs.</summary>
public abstract class FSMBase : ActorBase
{
    /// <summary>Delivered when the state's timeout has passed without a message.</summary>
    public sealed class StateTimeout
    {
        private StateTimeout()
        {
        }

        public static StateTimeout Instance { get; } = new();

        public override string ToString() => "<StateTimeout>";
    }

    /// <summary>A handler's answer: which state with which data comes next; immutable.</summary>
    public sealed record State<TS, TD>
    {
        public State(
            TS stateName, TD stateData, TimeSpan? timeout = null, Reason? stopReason = null, IReadOnlyList<object>? replies = null, bool notifies = true)
        {
            StateName = stateName;
            StateData = stateData;
            Timeout = timeout;
            StopReason = stopReason;
            Replies = replies ?? [];
            Notifies = notifies;
        }

        public TS StateName { get; }

        public TD StateData { get; private init; }

        /// <summary>In place of the state's own; null for the state's own.</summary>
        public TimeSpan? Timeout { get; private init; }

        /// <summary>Not null when the machine stops.</summary>
        public Reason? StopReason { get; }

        /// <summary>In the order in which they are sent.</summary>
        public IReadOnlyList<object> Replies { get; private init; }

        /// <summary>Transition handlers are called even if the state stays the same: GoTo does, Stay does not.</summary>
        internal bool Notifies { get; }

        public State<TS, TD> Using(TD nextStateData) => this with { StateData = nextStateData };

        /// <summary>For this time in the state; <see cref="TimeSpan.MaxValue"/> for no timeout.</summary>
        public State<TS, TD> ForMax(TimeSpan timeout) => this with { Timeout = timeout };

        /// <summary>Answers the sender of the event.</summary>
        public State<TS, TD> Replying(object replyValue) => this with { Replies = [.. Replies, replyValue] };
    }

    /// <summary>Why a machine stopped.</summary>
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

    /// <summary>Asks to be told the <see cref="CurrentState{TState}"/> and each <see cref="Transition{TState}"/>.</summary>
    public sealed record SubscribeTransitionCallBack(IActorRef ActorRef);

    public sealed record UnsubscribeTransitionCallBack(IActorRef ActorRef);

    public sealed record CurrentState<TState>(IActorRef FsmRef, TState State);

    public sealed record Transition<TState>(IActorRef FsmRef, TState From, TState To);

    public readonly record struct Event<TData>(object FsmEvent, TData StateData);

    public sealed record StopEvent<TState, TData>(Reason Reason, TState TerminatedState, TData StateData);
}
