namespace MeshNode.Actors;

/// <summary>The rest of an asynchronous handler, back in its actor.</summary>
internal sealed class AsyncContinuation(ActorSynchronizationContext context, SendOrPostCallback callback, object? state) : SystemMessage
{
    public ActorSynchronizationContext Context { get; } = context;

    public void Run() => callback(state);
}
