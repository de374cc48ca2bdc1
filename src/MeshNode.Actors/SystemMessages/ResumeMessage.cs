namespace MeshNode.Actors;

/// <param name="causedByFailure">The failure that is now forgiven; null when only an ancestor's suspension ends.</param>
internal sealed class ResumeMessage(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;

    public override bool WaitsForChildren => true;
}
