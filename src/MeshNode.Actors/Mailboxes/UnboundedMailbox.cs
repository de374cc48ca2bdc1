namespace MeshNode.Actors;

/// <summary>The default: first in, first out, without a limit.</summary>
public sealed class UnboundedMailbox : MailboxType
{
    internal static readonly UnboundedMailbox Instance = new();

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedMessageQueue(int.MaxValue);

    internal override Mailbox CreateMailbox(ActorCell cell, MessageDispatcher dispatcher) => new RingMailbox(cell, dispatcher);
}
