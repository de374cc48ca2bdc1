namespace MeshNode.Actors.TestKit;

/// <summary>A message that came.</summary>
public sealed class RealMessageEnvelope(object message, IActorRef? sender) : MessageEnvelope
{
    public override object Message { get; } = message;

    public override IActorRef Sender { get; } = sender ?? ActorRefs.NoSender;

    public override string ToString() => $"<{Message}> from {Sender}";
}
