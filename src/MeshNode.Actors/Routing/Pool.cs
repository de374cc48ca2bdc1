namespace MeshNode.Actors.Routing;

/// <summary>A router whose routees are its children.</summary>
public abstract class Pool : RouterConfig
{
    /// <param name="nrOfInstances">Routees to begin with; at least 0.</param>
    /// <param name="supervisorStrategy">How routees that fail are treated; null for <see cref="DefaultSupervisorStrategy"/>.</param>
    /// <param name="routerDispatcher">Id of the router's own dispatcher; null for the default one.</param>
    protected Pool(int nrOfInstances, SupervisorStrategy? supervisorStrategy, string? routerDispatcher)
        : base(routerDispatcher)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nrOfInstances);
        NrOfInstances = nrOfInstances;
        SupervisorStrategy = supervisorStrategy ?? DefaultSupervisorStrategy;
    }

    /// <summary>Escalates: the router's own supervisor decides, and a restart of the router restarts all routees.</summary>
    public static SupervisorStrategy DefaultSupervisorStrategy { get; } = new OneForOneStrategy(Decider.From(static _ => Directive.Escalate));

    public int NrOfInstances { get; }

    public virtual SupervisorStrategy SupervisorStrategy { get; }

    /// <summary>Routees to begin with.</summary>
    public virtual int GetNrOfInstances(ActorSystem system) => NrOfInstances;

    public override ActorBase CreateRouterActor() => new RouterPoolActor(SupervisorStrategy);

    /// <summary>A router of such routees.</summary>
    public Props Props(Props routeeProps)
    {
        ArgumentNullException.ThrowIfNull(routeeProps);
        return routeeProps.WithRouter(this);
    }

    internal override Routee[] CreateRoutees(RoutedActorRef router) =>
        [.. Enumerable.Range(0, GetNrOfInstances(router.System)).Select(_ => router.NewRoutee())];
}
