namespace MeshNode.Actors.Routing;

/// <inheritdoc cref="ConsistentHash{T}"/>
public static class ConsistentHash
{
    /// <param name="nodes">Told apart by their <c>ToString</c>.</param>
    /// <param name="virtualNodesFactor">How often each stands on the ring; at least 1. More spread keys more evenly.</param>
    public static ConsistentHash<T> Create<T>(IEnumerable<T> nodes, int virtualNodesFactor)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return new ConsistentHash<T>(nodes, virtualNodesFactor);
    }
}
