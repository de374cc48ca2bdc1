namespace MeshNode.Actors.Routing;

/// <summary>Tells a router how to route what is in it; routees receive only that.</summary>
public class RouterEnvelope
{
    public RouterEnvelope(object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Message = message;
    }

    public object Message { get; }
}
