namespace MeshNode.Actors.Routing;

/// <summary>Selects where a message goes. Called by all threads that tell the router at once.</summary>
public abstract class RoutingLogic
{
    /// <param name="message">As it was told, envelopes included.</param>
    /// <param name="routees">Not to be changed; the same array as long as the router's routees stay the same.</param>
    /// <returns><see cref="Routee.NoRoutee"/> when there is none.</returns>
    public abstract Routee Select(object message, Routee[] routees);
}
