namespace MeshNode.Actors;

public static class ActorRefFactoryExtensions
{
    /// <inheritdoc cref="IActorRefFactory.ActorOf"/>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new()
    {
        ArgumentNullException.ThrowIfNull(factory);
        return factory.ActorOf(Props.Create(static () => new TActor()), name);
    }

    /// <summary>Actors by a path that begins at another actor; an absolute one begins at the top all the same.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var anchor = InternalActorRef.Of(anchorRef);
        return Actors.ActorSelection.From(
            anchor.System ?? throw new ArgumentException($"{anchorRef} belongs to no actor system.", nameof(anchorRef)), anchor, actorPath);
    }
}
