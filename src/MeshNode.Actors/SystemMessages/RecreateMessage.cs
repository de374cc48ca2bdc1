namespace MeshNode.Actors;

internal sealed class RecreateMessage(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;

    public override bool WaitsForChildren => true;
}
