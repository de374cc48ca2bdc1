namespace MeshNode.Actors;

/// <summary>Thrown in an actor by <see cref="Kill"/>; its default supervision stops the actor.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException()
    {
    }

    public ActorKilledException(string message)
        : base(message)
    {
    }

    public ActorKilledException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
