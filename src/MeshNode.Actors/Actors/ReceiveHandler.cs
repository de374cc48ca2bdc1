namespace MeshNode.Actors;

/// <summary>One kind of handler, shared by all actors that have it; <c>part</c> is an actor's own: its delegate.</summary>
internal abstract class ReceiveHandler(Type messageType)
{
    public Type MessageType { get; } = messageType;

    /// <summary>False when the message is not for it.</summary>
    public abstract bool TryHandle(object message, object part);

    /// <summary>With an <see cref="Action{T}"/>.</summary>
    internal sealed class OfAction<T>() : ReceiveHandler(typeof(T))
    {
        public static readonly OfAction<T> Instance = new();

        public override bool TryHandle(object message, object part)
        {
            if (message is T typed)
            {
                ((Action<T>)part)(typed);
                return true;
            }

            return false;
        }
    }

    /// <summary>With a function that says itself whether it has handled the message.</summary>
    internal sealed class OfFunction<T>() : ReceiveHandler(typeof(T))
    {
        public static readonly OfFunction<T> Instance = new();

        public override bool TryHandle(object message, object part) => message is T typed && ((Func<T, bool>)part)(typed);
    }

    /// <summary>With a function whose task the actor awaits.</summary>
    internal sealed class OfTask<T>() : ReceiveHandler(typeof(T))
    {
        public static readonly OfTask<T> Instance = new();

        public override bool TryHandle(object message, object part)
        {
            if (message is T typed)
            {
                ActorBase.CurrentCell.RunTask((Func<T, Task>)part, typed);
                return true;
            }

            return false;
        }
    }

    /// <summary>One of the others behind a predicate.</summary>
    internal sealed class Guarded<T>(ReceiveHandler handler) : ReceiveHandler(typeof(T))
    {
        public static readonly Guarded<T> Action = new(OfAction<T>.Instance);
        public static readonly Guarded<T> Task = new(OfTask<T>.Instance);

        public override bool TryHandle(object message, object part)
        {
            var guard = (Guard<T>)part;
            return message is T typed && guard.ShouldHandle(typed) && handler.TryHandle(message, guard.Part);
        }
    }

    internal sealed record Guard<T>(Predicate<T> ShouldHandle, object Part);
}
