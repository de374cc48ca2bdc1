namespace MeshNode.Actors;

/// <summary>A system as extensions see it.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    /// <summary>Creates an actor under <c>/system</c>, which stops after all of <c>/user</c> has stopped.</summary>
    /// <exception cref="InvalidActorNameException">The name is malformed or taken.</exception>
    /// <exception cref="InvalidOperationException">The system has terminated.</exception>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <inheritdoc cref="SystemActorOf(Props, string)"/>
    public IActorRef SystemActorOf<TActor>(string? name = null)
        where TActor : ActorBase, new() => SystemActorOf(Props.Create(static () => new TActor()), name);
}
