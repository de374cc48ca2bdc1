namespace MeshNode.Actors;

/// <summary>What an actor may ask of the kernel, from within its own run.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    IActorRef Self { get; }

    Props Props { get; }

    /// <summary>Who sent the current message; dead letters when nobody did.</summary>
    IActorRef Sender { get; }

    ActorSystem System { get; }

    IActorRef Parent { get; }

    MessageDispatcher Dispatcher { get; }

    /// <summary>Null when none is set.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>The child of that name, or <see cref="ActorRefs.Nobody"/>.</summary>
    IActorRef Child(string name);

    IEnumerable<IActorRef> GetChildren();

    void Become(Receive receive);

    void BecomeStacked(Receive receive);

    void UnbecomeStacked();

    /// <summary>Delivers <see cref="Actors.ReceiveTimeout"/> whenever no message came for so long; null ends it.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops an actor (itself, a child or another) after its current message; it waits for its children first.</summary>
    void Stop(IActorRef actor);
}
