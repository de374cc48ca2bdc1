namespace MeshNode.Actors.Routing;

/// <summary>A message that says by what it is routed: messages of one key go to one routee.</summary>
public interface IConsistentHashable
{
    /// <inheritdoc cref="ConsistentHashMapping"/>
    object ConsistentHashKey { get; }
}
