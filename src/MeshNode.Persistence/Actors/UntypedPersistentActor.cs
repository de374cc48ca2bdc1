using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>A persistent actor with one method for all commands and one for all that is recovered.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    protected static new IUntypedActorContext Context => CurrentCell;

    /// <summary>Handles a command; calls <c>Unhandled</c> for what it does not.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Handles a <see cref="SnapshotOffer"/>, an event or <see cref="RecoveryCompleted"/>.</summary>
    protected abstract void OnRecover(object message);

    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);
}
