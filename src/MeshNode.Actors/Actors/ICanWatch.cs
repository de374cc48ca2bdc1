namespace MeshNode.Actors;

public interface ICanWatch
{
    /// <summary>Has <see cref="Terminated"/> delivered once when the subject stops; at once if it has stopped already.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>As <see cref="Watch"/>, with a message of the caller's instead of <see cref="Terminated"/>.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>No <see cref="Terminated"/> is delivered after this, even if it was already in the mailbox.</summary>
    IActorRef Unwatch(IActorRef subject);
}
