namespace MeshNode.Actors;

/// <inheritdoc cref="IWithStash"/>
public abstract class UntypedActorWithStash : UntypedActor, IWithStash
{
    public IStash Stash { get; set; } = null!;
}
