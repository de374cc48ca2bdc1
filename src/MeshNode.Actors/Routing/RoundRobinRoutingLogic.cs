namespace MeshNode.Actors.Routing;

/// <summary>One after another.</summary>
public sealed class RoundRobinRoutingLogic : RoutingLogic
{
    private int _next;

    public RoundRobinRoutingLogic()
        : this(0)
    {
    }

    /// <param name="next">Index of the first.</param>
    public RoundRobinRoutingLogic(int next) => _next = next - 1;

    public override Routee Select(object message, Routee[] routees)
    {
        ArgumentNullException.ThrowIfNull(routees);
        return routees.Length == 0 ? Routee.NoRoutee : routees[(uint)Interlocked.Increment(ref _next) % (uint)routees.Length];
    }
}
