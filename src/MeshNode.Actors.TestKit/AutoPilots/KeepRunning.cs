namespace MeshNode.Actors.TestKit;

/// <summary>Keeps the pilot that there is.</summary>
public sealed class KeepRunning : AutoPilot
{
    private KeepRunning()
    {
    }

    public static KeepRunning Instance { get; } = new();

    public override AutoPilot Run(IActorRef sender, object message) => this;
}
