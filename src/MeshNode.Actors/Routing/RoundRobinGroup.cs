namespace MeshNode.Actors.Routing;

/// <summary>Messages go to the paths one after another.</summary>
public sealed class RoundRobinGroup : Group
{
    public RoundRobinGroup(params string[] paths)
        : this(paths, null)
    {
    }

    public RoundRobinGroup(IEnumerable<string> paths)
        : this(paths, null)
    {
    }

    /// <inheritdoc cref="Group(IEnumerable{string}, string)"/>
    public RoundRobinGroup(IEnumerable<string> paths, string? routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new RoundRobinRoutingLogic());

    public RoundRobinGroup WithDispatcher(string dispatcherId) => new(GetPaths(null!), dispatcherId);
}
