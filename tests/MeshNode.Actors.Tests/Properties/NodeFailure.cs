namespace MeshNode.Actors.Tests.Properties;

internal sealed class NodeFailure(int kind) : Exception($"failure of kind {kind}")
{
    public int Kind { get; } = kind;
}
