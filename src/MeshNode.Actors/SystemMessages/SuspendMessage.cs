namespace MeshNode.Actors;

internal sealed class SuspendMessage : SystemMessage
{
    public override bool WaitsForChildren => true;
}
