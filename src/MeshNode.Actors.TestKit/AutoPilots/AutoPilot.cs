namespace MeshNode.Actors.TestKit;

/// <summary>What a test actor does with a message before the test sees it, such as answering at once.</summary>
public abstract class AutoPilot
{
    /// <summary>As the answer of <see cref="Run"/>: the same again.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>As the answer of <see cref="Run"/>: none from now on.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>Runs in the test actor, before the message is queued for the test.</summary>
    /// <returns>The pilot for the next message.</returns>
    public abstract AutoPilot Run(IActorRef sender, object message);
}
