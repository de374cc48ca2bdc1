namespace MeshNode.Actors.Routing;

/// <summary>What makes an actor a router: given by <see cref="Props.WithRouter"/>. Immutable.</summary>
public abstract class RouterConfig
{
    protected RouterConfig()
    {
    }

    /// <param name="routerDispatcher">Id of the router's own dispatcher; null for the default one.</param>
    protected RouterConfig(string? routerDispatcher) => RouterDispatcher = routerDispatcher;

    /// <summary>Where the router's actor runs, which handles management messages; routees have their own dispatcher.</summary>
    public virtual string? RouterDispatcher { get; }

    /// <summary>Whether the router stops when its last routee is gone.</summary>
    public virtual bool StopRouterWhenAllRouteesRemoved => true;

    /// <summary>The logic, still without routees.</summary>
    public abstract Router CreateRouter(ActorSystem system);

    /// <summary>The actor that owns the routees.</summary>
    public abstract ActorBase CreateRouterActor();

    /// <summary>Whether the router's actor handles the message instead of a routee.</summary>
    public virtual bool IsManagementMessage(object message) =>
        message is RouterManagementMessage or IAutoReceivedMessage or ReceiveTimeout;

    /// <summary>The routees to begin with.</summary>
    internal abstract Routee[] CreateRoutees(RoutedActorRef router);
}
