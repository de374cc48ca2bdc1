namespace MeshNode.Actors.Routing;

/// <summary>Makes a pool larger, or smaller when negative; those that go stop after what they have in their mailboxes.</summary>
public sealed class AdjustPoolSize(int change) : RouterManagementMessage
{
    public int Change { get; } = change;
}
