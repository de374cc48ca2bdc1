namespace MeshNode.Actors.Routing;

/// <summary>A router whose routees are others' actors, named by their paths and looked up for each message.</summary>
public abstract class Group : RouterConfig
{
    private readonly string[] _paths;

    /// <param name="paths">Absolute, or relative to the router.</param>
    /// <param name="routerDispatcher">Id of the router's own dispatcher; null for the default one.</param>
    protected Group(IEnumerable<string> paths, string? routerDispatcher)
        : base(routerDispatcher)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. paths];
    }

    public virtual IEnumerable<string> GetPaths(ActorSystem system) => _paths;

    public override ActorBase CreateRouterActor() => new RouterActor();

    /// <summary>A router to those paths.</summary>
    public Props Props() => Actors.Props.Empty.WithRouter(this);

    internal override Routee[] CreateRoutees(RoutedActorRef router) =>
        [.. GetPaths(router.System).Select(path => new ActorSelectionRoutee(router.Cell.ActorSelection(path)))];
}
