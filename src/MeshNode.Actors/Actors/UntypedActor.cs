namespace MeshNode.Actors;

/// <summary>An actor with one method for all messages.</summary>
public abstract class UntypedActor : ActorBase
{
    protected static new IUntypedActorContext Context => CurrentCell;

    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; calls <c>Unhandled</c> for what it does not.</summary>
    protected abstract void OnReceive(object message);

    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);

    protected static void RunTask(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        CurrentCell.RunTask(() =>
        {
            action();
            return Task.CompletedTask;
        });
    }

    /// <summary>No other message is handled until the task has ended; its failure is the actor's.</summary>
    protected static void RunTask(Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        CurrentCell.RunTask(action);
    }

    /// <summary>As a behaviour that handles whatever comes.</summary>
    internal static Receive ToReceive(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
