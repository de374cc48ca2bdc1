namespace MeshNode.Actors.Routing;

/// <summary>Goes to all routees of a router, whatever its logic.</summary>
public class Broadcast(object message) : RouterEnvelope(message);
