namespace MeshNode.Actors.Routing;

/// <summary>Every message goes to all paths.</summary>
public sealed class BroadcastGroup : Group
{
    public BroadcastGroup(params string[] paths)
        : this(paths, null)
    {
    }

    public BroadcastGroup(IEnumerable<string> paths)
        : this(paths, null)
    {
    }

    /// <inheritdoc cref="Group(IEnumerable{string}, string)"/>
    public BroadcastGroup(IEnumerable<string> paths, string? routerDispatcher)
        : base(paths, routerDispatcher)
    {
    }

    public override Router CreateRouter(ActorSystem system) => new(new BroadcastRoutingLogic());

    public BroadcastGroup WithDispatcher(string dispatcher) => new(GetPaths(null!), dispatcher);
}
