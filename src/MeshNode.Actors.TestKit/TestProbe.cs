namespace MeshNode.Actors.TestKit;

/// <summary>An actor that a test plays: it sends, expects and answers.</summary>
public sealed class TestProbe : TestKitBase
{
    internal TestProbe(TestKitContext context, string? name)
        : base(context, name)
    {
    }

    public IActorRef Ref => TestActor;

    /// <summary>The sender of the last message that was taken.</summary>
    public IActorRef Sender => LastSender ?? ActorRefs.Nobody;

    public void Send(IActorRef actor, object message) => actor.Tell(message, Ref);

    /// <summary>Passes the last message on with its sender.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage!, LastSender);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    /// <summary>Answers the last message.</summary>
    public void Reply(object message) => Sender.Tell(message, Ref);

    public override string ToString() => Ref.ToString()!;
}
