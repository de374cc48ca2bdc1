namespace MeshNode.Actors;

/// <summary>The handlers of one behaviour, in the order in which they were declared.</summary>
internal sealed class ReceiveTable
{
    internal abstract class Handler
    {
        public Handler? Next { get; set; }

        public abstract bool TryHandle(object message);
    }

    internal sealed class ActionHandler<T>(Action<T> handle, Predicate<T>? shouldHandle) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is T typed && (shouldHandle is null || shouldHandle(typed)))
            {
                handle(typed);
                return true;
            }

            return false;
        }
    }

    internal sealed class FunctionHandler<T>(Func<T, bool> handle) : Handler
    {
        public override bool TryHandle(object message) => message is T typed && handle(typed);
    }

    internal sealed class AsyncHandler<T>(Func<T, Task> handle, Predicate<T>? shouldHandle) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is T typed && (shouldHandle is null || shouldHandle(typed)))
            {
                ActorBase.CurrentCell.RunTask(handle, typed);
                return true;
            }

            return false;
        }
    }

    private Handler? _first; // a chain: shorter than a list for the few handlers that actors have
    private Handler? _last;

    public bool HasAny { get; set; }

    public void Add(Handler handler)
    {
        if (_last is null)
        {
            _first = _last = handler;
        }
        else
        {
            _last = _last.Next = handler;
        }
    }

    public bool TryHandle(object message)
    {
        for (var handler = _first; handler is not null; handler = handler.Next)
        {
            if (handler.TryHandle(message))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>As a behaviour.</summary>
    public bool Receive(object message) => TryHandle(message);
}
