namespace MeshNode.Actors;

/// <summary>A watched actor has stopped; it never runs again. Delivered once for a watch.</summary>
public sealed class Terminated : IAutoReceivedMessage, IPossiblyHarmful, INotInfluenceReceiveTimeout, IDeadLetterSuppression
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

    public override string ToString() => $"<Terminated>: {ActorRef} - ExistenceConfirmed={ExistenceConfirmed}";
}
