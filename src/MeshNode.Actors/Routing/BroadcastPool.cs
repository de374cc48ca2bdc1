namespace MeshNode.Actors.Routing;

/// <summary>Every message goes to all routees.</summary>
public sealed class BroadcastPool : Pool
{
    public BroadcastPool(int nrOfInstances)
        : this(nrOfInstances, null, null)
    {
    }

    /// <inheritdoc cref="Pool(int, Actors.SupervisorStrategy, string)"/>
    public BroadcastPool(int nrOfInstances, SupervisorStrategy? supervisorStrategy, string? routerDispatcher)
        : base(nrOfInstances, supervisorStrategy, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic());

    public BroadcastPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(NrOfInstances, strategy, RouterDispatcher);

    public BroadcastPool WithDispatcher(string dispatcher) => new(NrOfInstances, SupervisorStrategy, dispatcher);
}
