using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>The actor fails with <see cref="StashOverflowException"/>; the command is lost and its supervisor decides.</summary>
public sealed class ThrowOverflowExceptionStrategy : IStashOverflowStrategy
{
    private ThrowOverflowExceptionStrategy()
    {
    }

    public static ThrowOverflowExceptionStrategy Instance { get; } = new();
}
