namespace MeshNode.Actors;

internal sealed class DeadLetterActorRef(ActorSystemImpl system, ActorPath path) : InternalActorRef
{
    public override ActorPath Path { get; } = path;

    public override ActorSystemImpl System { get; } = system;

    public override bool IsTerminated => false;

    public override void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        System.PublishDeadLetter(new Envelope(message, sender!), this);
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is WatchMessage watch)
        {
            watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, existenceConfirmed: false));
        }
    }
}
