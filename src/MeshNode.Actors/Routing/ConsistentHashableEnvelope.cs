namespace MeshNode.Actors.Routing;

/// <summary>A message with the key that it is routed by; the routee receives the message only.</summary>
public sealed class ConsistentHashableEnvelope : RouterEnvelope, IConsistentHashable
{
    public ConsistentHashableEnvelope(object message, object hashKey)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(hashKey);
        HashKey = hashKey;
    }

    public object HashKey { get; }

    public object ConsistentHashKey => HashKey;
}
