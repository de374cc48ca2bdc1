using System.Diagnostics.CodeAnalysis;

namespace MeshNode.Actors.TestKit;

/// <summary>An actor that a test plays: it sends, expects and answers. Stands for its actor wherever a reference is asked for.</summary>
[SuppressMessage("Design", "CA1036:Override methods on comparable types", Justification = "As in Akka.NET: references are sorted, never compared with <.")]
public sealed class TestProbe : TestKitBase, IActorRefWrapper
{
    internal TestProbe(TestKitContext context, string? name)
        : base(context, name)
    {
    }

    public IActorRef Ref => TestActor;

    /// <summary>The sender of the last message that was taken.</summary>
    public IActorRef Sender => LastSender ?? ActorRefs.Nobody;

    public ActorPath Path => Ref.Path;

    InternalActorRef IActorRefWrapper.Wrapped => (InternalActorRef)Ref;

    void ICanTell.Tell(object message, IActorRef? sender) => Ref.Tell(message, sender);

    public void Send(IActorRef actor, object message) => actor.Tell(message, Ref);

    /// <summary>Passes the last message on with its sender.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage!, LastSender);

    public void Forward(IActorRef actor, object message) => actor.Tell(message, LastSender);

    /// <summary>Answers the last message.</summary>
    public void Reply(object message) => Sender.Tell(message, Ref);

    public bool Equals(IActorRef? other) => Ref.Equals(other);

    public override bool Equals(object? obj) => obj is IActorRef other && Equals(other);

    public override int GetHashCode() => Ref.GetHashCode();

    public int CompareTo(IActorRef? other) => Ref.CompareTo(other);

    public override string ToString() => Ref.ToString()!;
}
