namespace MeshNode.Actors;

/// <summary>A handle to an actor; valid over restarts, and afterwards leads to dead letters.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    ActorPath Path { get; }
}
