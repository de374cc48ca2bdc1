namespace MeshNode.Actors;

public static class ActorRefs
{
    /// <summary>No sender: what is told without one.</summary>
    public static readonly IActorRef NoSender = null!;

    /// <summary>Takes everything and does nothing.</summary>
    public static readonly IActorRef Nobody = new NobodyRef();

    /// <summary>Whether the reference is null or <see cref="Nobody"/>.</summary>
    public static bool IsNobody(this IActorRef? actorRef) => actorRef is null || ReferenceEquals(actorRef, Nobody);
}
