using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

internal sealed record ScriptedOptions
{
    public Recovery Recovery { get; init; } = Recovery.Default;

    public Fence? Fence { get; init; }

    public IStashOverflowStrategy? Overflow { get; init; }

    public Action<ScriptedActor>? OnCompleted { get; init; }

    public Action<ScriptedActor, object>? OnRecover { get; init; }
}
