namespace MeshNode.Actors.Routing;

/// <summary>Where a router may send a message.</summary>
public class Routee
{
    /// <summary>What a logic selects when there is none: the message becomes a dead letter.</summary>
    public static readonly Routee NoRoutee = new NoRoutee();

    public virtual void Send(object message, IActorRef? sender)
    {
    }

    public virtual Task<object> Ask(object message, TimeSpan? timeout) =>
        throw new NotSupportedException($"{GetType()} cannot be asked.");

    public static Routee FromActorRef(IActorRef actorRef) => new ActorRefRoutee(actorRef);
}
