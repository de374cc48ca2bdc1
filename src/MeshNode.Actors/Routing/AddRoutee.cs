namespace MeshNode.Actors.Routing;

/// <summary>Adds a routee to a router; an actor that is a routee is removed when it stops.</summary>
public sealed class AddRoutee : RouterManagementMessage
{
    public AddRoutee(Routee routee)
    {
        ArgumentNullException.ThrowIfNull(routee);
        Routee = routee;
    }

    public Routee Routee { get; }
}
