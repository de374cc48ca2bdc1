namespace MeshNode.Actors;

/// <summary>A handler's answer: which state with which data comes next; immutable.</summary>
public sealed record State<TState, TData>
{
    internal State(TState stateName, TData stateData, TimeSpan? timeout)
    {
        StateName = stateName;
        StateData = stateData;
        Timeout = timeout;
    }

    public TState StateName { get; }

    public TData StateData { get; private init; }

    /// <summary>In place of the state's own; null for the state's own.</summary>
    public TimeSpan? Timeout { get; private init; }

    internal FSMBase.Reason? StopReason { get; init; }

    /// <summary>Transition handlers are called even if the state stays the same: GoTo does, Stay does not.</summary>
    internal bool Notifies { get; init; } = true;

    internal IReadOnlyList<object> Replies { get; private init; } = [];

    public State<TState, TData> Using(TData nextStateData) => this with { StateData = nextStateData };

    /// <summary>For this time in the state; <see cref="TimeSpan.MaxValue"/> for no timeout.</summary>
    public State<TState, TData> ForMax(TimeSpan timeout) => this with { Timeout = timeout };

    /// <summary>Answers the sender of the event.</summary>
    public State<TState, TData> Replying(object replyValue) => this with { Replies = [.. Replies, replyValue] };
}
