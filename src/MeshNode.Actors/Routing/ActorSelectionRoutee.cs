namespace MeshNode.Actors.Routing;

public sealed class ActorSelectionRoutee : Routee, IEquatable<ActorSelectionRoutee>
{
    public ActorSelectionRoutee(ActorSelection actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        Selection = actor;
    }

    public ActorSelection Selection { get; }

    public override void Send(object message, IActorRef? sender) => Selection.Tell(message, sender);

    public override Task<object> Ask(object message, TimeSpan? timeout) => Selection.Ask(message, timeout);

    public bool Equals(ActorSelectionRoutee? other) => other is not null && Selection.Equals(other.Selection);

    public override bool Equals(object? obj) => Equals(obj as ActorSelectionRoutee);

    public override int GetHashCode() => Selection.GetHashCode();

    public override string ToString() => Selection.Anchor.Path + Selection.PathString;
}
