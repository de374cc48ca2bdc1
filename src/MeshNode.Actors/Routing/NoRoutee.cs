namespace MeshNode.Actors.Routing;

internal sealed class NoRoutee : Routee
{
    public override void Send(object message, IActorRef? sender)
    {
        if (sender is InternalActorRef { System: { } system })
        {
            system.DeadLetters.Tell(message, sender);
        }
    }

    public override string ToString() => "NoRoutee";
}
