namespace MeshNode.Actors.Routing;

/// <summary>Answer to <see cref="GetRoutees"/>.</summary>
public sealed class Routees
{
    public Routees(IEnumerable<Routee> routees)
    {
        ArgumentNullException.ThrowIfNull(routees);
        Members = [.. routees];
    }

    public IEnumerable<Routee> Members { get; }
}
