namespace MeshNode.Actors;

/// <inheritdoc cref="IWithUnboundedStash"/>
public abstract class UntypedActorWithUnboundedStash : UntypedActor, IWithUnboundedStash
{
    public IStash Stash { get; set; } = null!;
}
