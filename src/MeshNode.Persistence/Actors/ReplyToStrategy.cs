namespace MeshNode.Persistence;

/// <summary>The command's sender gets an answer instead.</summary>
public sealed class ReplyToStrategy(object response) : IStashOverflowStrategy
{
    public object Response { get; } = response;
}
