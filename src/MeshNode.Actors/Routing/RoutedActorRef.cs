namespace MeshNode.Actors.Routing;

/// <summary>
/// A router's reference: messages go from the sender's own thread straight to a routee, so that a router is no bottleneck
/// and a sender's messages to one routee stay in order. Only management messages reach the router's actor.
/// </summary>
internal sealed class RoutedActorRef : LocalActorRef
{
    private readonly RouterConfig _config;
    private readonly Props _routeeProps;
    private Router _router; // replaced as a whole; written by the router's run once it has started

    public RoutedActorRef(ActorSystemImpl system, Props props, InternalActorRef parent, ChildName name)
        : base(system, RouterProps(props.RouterConfig!), DispatcherOf(system, props.RouterConfig!.RouterDispatcher), parent, name)
    {
        _config = props.RouterConfig!;
        _routeeProps = props.WithRouter(null);
        DispatcherOf(system, _routeeProps.Dispatcher); // refused here, where the caller of ActorOf hears of it
        if (_routeeProps.Mailbox is { } mailbox)
        {
            system.Mailboxes.Lookup(mailbox);
        }

        _router = _config.CreateRouter(system);
    }

    public RouterConfig Config => _config;

    public Router Router => Volatile.Read(ref _router);

    /// <summary>Makes the routees, so that there are some when the first message comes.</summary>
    public override void Start()
    {
        Volatile.Write(ref _router, _router.WithRoutees(_config.CreateRoutees(this)));
        base.Start();
    }

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (IsTerminated || _config.IsManagementMessage(message))
        {
            base.Tell(message, sender);
            return;
        }

        if (!Router.TryRoute(message, sender))
        {
            System.PublishDeadLetter(new Envelope(Routing.Router.UnWrap(message), sender!), this);
        }
    }

    public Routee NewRoutee() => new ActorRefRoutee(Cell.MakeChild(_routeeProps, null));

    /// <summary>For the router's run.</summary>
    public void Replace(Func<Router, Router> change) => Volatile.Write(ref _router, change(_router));

    private static MessageDispatcher DispatcherOf(ActorSystemImpl system, string? id) =>
        id is null ? system.Dispatchers.DefaultGlobalDispatcher : system.Dispatchers.Lookup(id);

    private static Props RouterProps(RouterConfig config) => Props.Create(config.CreateRouterActor);
}
