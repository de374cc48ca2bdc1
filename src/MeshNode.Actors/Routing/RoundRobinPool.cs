namespace MeshNode.Actors.Routing;

/// <summary>Messages go to the routees one after another.</summary>
public sealed class RoundRobinPool : Pool
{
    public RoundRobinPool(int nrOfInstances)
        : this(nrOfInstances, null, null)
    {
    }

    /// <inheritdoc cref="Pool(int, Actors.SupervisorStrategy, string)"/>
    public RoundRobinPool(int nrOfInstances, SupervisorStrategy? supervisorStrategy, string? routerDispatcher)
        : base(nrOfInstances, supervisorStrategy, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic());

    public RoundRobinPool WithSupervisorStrategy(SupervisorStrategy strategy) => new(NrOfInstances, strategy, RouterDispatcher);

    public RoundRobinPool WithDispatcher(string dispatcher) => new(NrOfInstances, SupervisorStrategy, dispatcher);
}
