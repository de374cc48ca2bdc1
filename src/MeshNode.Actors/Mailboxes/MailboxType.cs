namespace MeshNode.Actors;

/// <summary>A kind of mailbox, registered with <see cref="Actors.Mailboxes.Register"/> and named by <see cref="Props.WithMailbox"/>.</summary>
public abstract class MailboxType
{
    /// <summary>The queue of one actor.</summary>
    public abstract IMessageQueue Create(IActorRef owner, ActorSystem system);

    internal virtual Mailbox CreateMailbox(ActorCell cell, MessageDispatcher dispatcher) =>
        new QueueMailbox(cell, dispatcher, Create(cell.Self, cell.SystemImpl));
}
