namespace MeshNode.Actors.Routing;

/// <summary>Answered by a router with <see cref="Routees"/>.</summary>
public sealed class GetRoutees : RouterManagementMessage
{
    public static GetRoutees Instance { get; } = new();
}
