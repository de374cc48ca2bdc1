namespace MeshNode.Persistence;

/// <summary>Calls handlers of events of one type, so that a call of Persist makes no closure of its own.</summary>
internal static class EventHandlers<TEvent>
{
    public static readonly Func<Delegate, object, Task?> Call = static (handler, @event) =>
    {
        ((Action<TEvent>)handler)((TEvent)@event);
        return null;
    };

    public static readonly Func<Delegate, object, Task?> Await = static (handler, @event) => ((Func<TEvent, Task>)handler)((TEvent)@event);
}
