namespace MeshNode.Actors.Routing;

/// <summary>A logic and its routees; immutable. Of use inside an actor that routes by itself, too.</summary>
public class Router
{
    private readonly Routee[] _routees;

    public Router(RoutingLogic logic, params Routee[] routees)
    {
        ArgumentNullException.ThrowIfNull(logic);
        RoutingLogic = logic;
        _routees = routees ?? [];
    }

    public Router(RoutingLogic logic, IActorRef routee, params IActorRef[] routees)
        : this(logic, [Routee.FromActorRef(routee), .. routees.Select(Routee.FromActorRef)])
    {
    }

    public IEnumerable<Routee> Routees => _routees;

    public RoutingLogic RoutingLogic { get; }

    /// <summary>Sends a message where the logic says, a <see cref="Broadcast"/> to all.</summary>
    public virtual void Route(object message, IActorRef? sender) => Send(Select(message), message, sender);

    public virtual Router WithRoutees(params Routee[] routees) => new(RoutingLogic, routees);

    public virtual Router AddRoutee(Routee routee) => WithRoutees([.. _routees, routee]);

    public Router AddRoutee(IActorRef routee) => AddRoutee(new ActorRefRoutee(routee));

    public Router AddRoutee(ActorSelection routee) => AddRoutee(new ActorSelectionRoutee(routee));

    public virtual Router RemoveRoutee(Routee routee) => WithRoutees([.. _routees.Where(each => !each.Equals(routee))]);

    public Router RemoveRoutee(IActorRef routee) => RemoveRoutee(new ActorRefRoutee(routee));

    public Router RemoveRoutee(ActorSelection routee) => RemoveRoutee(new ActorSelectionRoutee(routee));

    /// <summary>False when there is no routee for the message.</summary>
    internal bool TryRoute(object message, IActorRef? sender)
    {
        var routee = Select(message);
        if (ReferenceEquals(routee, Routee.NoRoutee))
        {
            return false;
        }

        Send(routee, message, sender);
        return true;
    }

    protected virtual void Send(Routee routee, object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(routee);
        routee.Send(UnWrap(message), sender);
    }

    protected internal static object UnWrap(object message) => message is RouterEnvelope envelope ? envelope.Message : message;

    private Routee Select(object message) => message switch
    {
        Broadcast when _routees.Length == 0 => Routee.NoRoutee,
        Broadcast => new SeveralRoutees(_routees),
        _ => RoutingLogic.Select(message, _routees),
    };
}
