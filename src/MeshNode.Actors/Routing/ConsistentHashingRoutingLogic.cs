namespace MeshNode.Actors.Routing;

/// <summary>
/// Messages of one key go to one routee. The key comes from the mapping or, where that gives null, from the message:
/// <see cref="IConsistentHashable"/> or <see cref="ConsistentHashableEnvelope"/>.
/// </summary>
public sealed class ConsistentHashingRoutingLogic : RoutingLogic
{
    /// <summary>Places on the ring for each routee, unless another number is asked for.</summary>
    public const int DefaultVirtualNodesFactor = 10;

    private sealed record Ring(Routee[] Routees, ConsistentHash<Routee> Hash);

    private readonly ActorSystem _system;
    private readonly int _virtualNodesFactor;
    private readonly ConsistentHashMapping? _hashMapping;
    private Ring? _ring; // of the routees that were last seen

    public ConsistentHashingRoutingLogic(ActorSystem system)
        : this(system, 0, null)
    {
    }

    /// <param name="virtualNodesFactor">0 for <see cref="DefaultVirtualNodesFactor"/>.</param>
    public ConsistentHashingRoutingLogic(ActorSystem system, int virtualNodesFactor, ConsistentHashMapping? hashMapping)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentOutOfRangeException.ThrowIfNegative(virtualNodesFactor);
        _system = system;
        _virtualNodesFactor = virtualNodesFactor == 0 ? DefaultVirtualNodesFactor : virtualNodesFactor;
        _hashMapping = hashMapping;
    }

    public ConsistentHashingRoutingLogic WithHashMapping(ConsistentHashMapping mapping) => new(_system, _virtualNodesFactor, mapping);

    public override Routee Select(object message, Routee[] routees)
    {
        ArgumentNullException.ThrowIfNull(routees);
        if (routees.Length == 0)
        {
            return Routee.NoRoutee;
        }

        if ((_hashMapping?.Invoke(message) ?? (message as IConsistentHashable)?.ConsistentHashKey) is { } key)
        {
            return RingOf(routees).NodeForHash(StableHash.OfKey(key));
        }

        _system.Log.Warning(
            "Message [{0}] must be handled by hashMapping, or implement [{1}] or be wrapped in [{2}]",
            message?.GetType(), nameof(IConsistentHashable), nameof(ConsistentHashableEnvelope));
        return Routee.NoRoutee;
    }

    private ConsistentHash<Routee> RingOf(Routee[] routees)
    {
        var ring = Volatile.Read(ref _ring);
        if (ring is null || !ReferenceEquals(ring.Routees, routees))
        {
            Volatile.Write(ref _ring, ring = new Ring(routees, ConsistentHash.Create(routees, _virtualNodesFactor)));
        }

        return ring.Hash;
    }
}
