namespace MeshNode.Actors;

/// <summary>An asynchronous handler has ended, well or not.</summary>
internal sealed class AsyncCompleted(ActorSynchronizationContext context, Task task) : SystemMessage
{
    public ActorSynchronizationContext Context { get; } = context;

    public Task Task { get; } = task;
}
