namespace MeshNode.Actors.Routing;

/// <summary>Takes a routee from a router; a pool stops it if it is its child.</summary>
public sealed class RemoveRoutee : RouterManagementMessage
{
    public RemoveRoutee(Routee routee)
    {
        ArgumentNullException.ThrowIfNull(routee);
        Routee = routee;
    }

    public Routee Routee { get; }
}
