namespace MeshNode.Actors;

internal sealed class TellWork(ICanTell receiver, object message, IActorRef? sender) : ScheduledWork
{
    public override void Run() => receiver.Tell(message, sender);
}
