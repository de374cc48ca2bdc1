namespace MeshNode.Actors.Routing;

/// <summary>Messages of one key go to one path; <inheritdoc cref="ConsistentHashingRoutingLogic" path="/summary"/></summary>
public sealed class ConsistentHashingGroup : Group
{
    private readonly ConsistentHashMapping? _hashMapping;

    public ConsistentHashingGroup(params string[] paths)
        : this(paths, 0, null, null)
    {
    }

    public ConsistentHashingGroup(IEnumerable<string> paths)
        : this(paths, 0, null, null)
    {
    }

    public ConsistentHashingGroup(IEnumerable<string> paths, ConsistentHashMapping? hashMapping)
        : this(paths, 0, hashMapping, null)
    {
    }

    /// <inheritdoc cref="ConsistentHashingRoutingLogic(ActorSystem, int, ConsistentHashMapping)"/>
    public ConsistentHashingGroup(IEnumerable<string> paths, int virtualNodesFactor, ConsistentHashMapping? hashMapping, string? routerDispatcher)
        : base(paths, routerDispatcher)
    {
        VirtualNodesFactor = virtualNodesFactor;
        _hashMapping = hashMapping;
    }

    /// <summary>0 for <see cref="ConsistentHashingRoutingLogic.DefaultVirtualNodesFactor"/>.</summary>
    public int VirtualNodesFactor { get; }

    public override Router CreateRouter(ActorSystem system) => new(new ConsistentHashingRoutingLogic(system, VirtualNodesFactor, _hashMapping));

    public ConsistentHashingGroup WithVirtualNodesFactor(int vnodes) => new(GetPaths(null!), vnodes, _hashMapping, RouterDispatcher);

    public ConsistentHashingGroup WithHashMapping(ConsistentHashMapping mapping) => new(GetPaths(null!), VirtualNodesFactor, mapping, RouterDispatcher);

    public ConsistentHashingGroup WithDispatcher(string dispatcher) => new(GetPaths(null!), VirtualNodesFactor, _hashMapping, dispatcher);
}
