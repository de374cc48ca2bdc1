namespace MeshNode.Actors.Routing;

/// <summary>All of these.</summary>
public class SeveralRoutees : Routee
{
    private readonly Routee[] _routees;

    public SeveralRoutees(Routee[] routees)
    {
        ArgumentNullException.ThrowIfNull(routees);
        _routees = routees;
    }

    public override void Send(object message, IActorRef? sender)
    {
        foreach (var routee in _routees)
        {
            routee.Send(message, sender);
        }
    }
}
