namespace MeshNode.Actors;

internal sealed class FailedMessage(LocalActorRef child, Exception cause) : SystemMessage
{
    public LocalActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public override bool WaitsWhileFailed => true;

    public override bool WaitsForChildren => true;
}
