namespace MeshNode.Actors.Routing;

/// <summary>Every message to all.</summary>
public sealed class BroadcastRoutingLogic : RoutingLogic
{
    public override Routee Select(object message, Routee[] routees)
    {
        ArgumentNullException.ThrowIfNull(routees);
        return routees.Length == 0 ? Routee.NoRoutee : new SeveralRoutees(routees);
    }
}
