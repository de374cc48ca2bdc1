namespace MeshNode.Actors;

internal sealed class NobodyRef : InternalActorRef
{
    public override ActorPath Path { get; } = ActorPath.Root("all-systems").Child("Nobody", 0);

    public override ActorSystemImpl? System => null;

    public override void Tell(object message, IActorRef? sender)
    {
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is WatchMessage watch)
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false));
        }
    }
}
