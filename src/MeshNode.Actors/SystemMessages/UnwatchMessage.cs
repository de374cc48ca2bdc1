namespace MeshNode.Actors;

internal sealed class UnwatchMessage(InternalActorRef watcher) : SystemMessage
{
    public InternalActorRef Watcher { get; } = watcher;
}
