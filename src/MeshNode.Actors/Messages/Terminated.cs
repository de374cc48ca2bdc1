namespace MeshNode.Actors;

/// <summary>A watched actor has stopped; it never runs again. Delivered once for a watch.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, INotInfluenceReceiveTimeout, IDeadLetterSuppression, IEquatable<Terminated>
{
    public Terminated(IActorRef actorRef, bool existenceConfirmed, bool addressTerminated)
    {
        ActorRef = actorRef;
        ExistenceConfirmed = existenceConfirmed;
        AddressTerminated = addressTerminated;
    }

    public IActorRef ActorRef { get; }

    /// <summary>False when there was no such actor to begin with.</summary>
    public bool ExistenceConfirmed { get; }

    /// <summary>Always false: there are no remote actors.</summary>
    public bool AddressTerminated { get; }

    public bool Equals(Terminated? other) => other is not null
        && ActorRef.Equals(other.ActorRef) && ExistenceConfirmed == other.ExistenceConfirmed && AddressTerminated == other.AddressTerminated;

    public override bool Equals(object? obj) => Equals(obj as Terminated);

    public override int GetHashCode() => ActorRef.GetHashCode();

    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}
