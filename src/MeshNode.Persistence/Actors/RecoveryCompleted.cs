namespace MeshNode.Persistence;

/// <summary>The last thing that a recovering actor receives, before the first command. It may persist from here on.</summary>
public sealed class RecoveryCompleted
{
    private RecoveryCompleted()
    {
    }

    public static RecoveryCompleted Instance { get; } = new();

    public override string ToString() => "<RecoveryCompleted>";
}
