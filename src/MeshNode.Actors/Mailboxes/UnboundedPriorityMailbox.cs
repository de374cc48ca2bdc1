namespace MeshNode.Actors;

/// <summary>
/// The message with the lowest number comes first; messages with the same number come in the order in which they were
/// sent. <c>PoisonPill</c> and <c>Terminated</c> are messages like others here; system messages go before all.
/// </summary>
public abstract class UnboundedPriorityMailbox : MailboxType
{
    public sealed override IMessageQueue Create(IActorRef owner, ActorSystem system) => new PriorityMessageQueue(PriorityGenerator);

    /// <summary>The message's place: the lower, the sooner. Called by the sender's thread.</summary>
    protected abstract int PriorityGenerator(object message);
}
