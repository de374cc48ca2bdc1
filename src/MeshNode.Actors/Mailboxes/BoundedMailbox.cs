namespace MeshNode.Actors;

/// <summary>First in, first out, with a limit: what comes when it is full becomes a dead letter. A sender never waits.</summary>
public sealed class BoundedMailbox : MailboxType
{
    /// <param name="capacity">User messages that wait at most; at least 1. System messages do not count.</param>
    public BoundedMailbox(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Capacity = capacity;
    }

    public int Capacity { get; }

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new BoundedMessageQueue(Capacity);
}
