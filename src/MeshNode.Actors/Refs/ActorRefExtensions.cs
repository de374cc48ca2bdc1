namespace MeshNode.Actors;

public static class ActorRefExtensions
{
    /// <summary>Sends with the actor that is running now as sender, or none.</summary>
    public static void Tell(this ICanTell receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.CurrentSelf);
    }

    /// <summary>Passes a message on with its original sender; for use inside an actor.</summary>
    public static void Forward(this ICanTell receiver, object message)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        receiver.Tell(message, ActorCell.Current?.SenderOrNull);
    }

    /// <summary>The reference, or another where it is null or <see cref="ActorRefs.Nobody"/>.</summary>
    public static IActorRef GetOrElse(this IActorRef? actorRef, Func<IActorRef> elseValue)
    {
        ArgumentNullException.ThrowIfNull(elseValue);
        return actorRef.IsNobody() ? elseValue() : actorRef!;
    }
}
