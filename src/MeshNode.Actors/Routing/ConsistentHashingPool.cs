namespace MeshNode.Actors.Routing;

/// <summary>Messages of one key go to one routee; <inheritdoc cref="ConsistentHashingRoutingLogic" path="/summary"/></summary>
public sealed class ConsistentHashingPool : Pool
{
    private readonly ConsistentHashMapping? _hashMapping;

    public ConsistentHashingPool(int nrOfInstances)
        : this(nrOfInstances, null)
    {
    }

    public ConsistentHashingPool(int nrOfInstances, ConsistentHashMapping? hashMapping)
        : this(nrOfInstances, null, null, 0, hashMapping)
    {
    }

    /// <inheritdoc cref="ConsistentHashingRoutingLogic(ActorSystem, int, ConsistentHashMapping)"/>
    public ConsistentHashingPool(
        int nrOfInstances,
        SupervisorStrategy? supervisorStrategy,
        string? routerDispatcher,
        int virtualNodesFactor = 0,
        ConsistentHashMapping? hashMapping = null)
        : base(nrOfInstances, supervisorStrategy, routerDispatcher)
    {
        VirtualNodesFactor = virtualNodesFactor;
        _hashMapping = hashMapping;
    }

    /// <summary>0 for <see cref="ConsistentHashingRoutingLogic.DefaultVirtualNodesFactor"/>.</summary>
    public int VirtualNodesFactor { get; }

    public override Router CreateRouter(ActorSystem system) => new(new ConsistentHashingRoutingLogic(system, VirtualNodesFactor, _hashMapping));

    public ConsistentHashingPool WithVirtualNodesFactor(int vnodes) => new(NrOfInstances, SupervisorStrategy, RouterDispatcher, vnodes, _hashMapping);

    public ConsistentHashingPool WithHashMapping(ConsistentHashMapping mapping) =>
        new(NrOfInstances, SupervisorStrategy, RouterDispatcher, VirtualNodesFactor, mapping);

    public ConsistentHashingPool WithSupervisorStrategy(SupervisorStrategy strategy) =>
        new(NrOfInstances, strategy, RouterDispatcher, VirtualNodesFactor, _hashMapping);

    public ConsistentHashingPool WithDispatcher(string dispatcher) =>
        new(NrOfInstances, SupervisorStrategy, dispatcher, VirtualNodesFactor, _hashMapping);
}
