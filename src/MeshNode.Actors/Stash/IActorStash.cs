namespace MeshNode.Actors;

/// <summary>Has a stash; implement <see cref="IWithStash"/>, <see cref="IWithUnboundedStash"/> or <see cref="IWithBoundedStash"/>.</summary>
public interface IActorStash
{
    IStash Stash { get; set; }
}
