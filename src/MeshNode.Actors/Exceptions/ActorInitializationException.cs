namespace MeshNode.Actors;

/// <summary>An actor's constructor or <c>PreStart</c> threw; its default supervision stops the actor.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException()
    {
    }

    public ActorInitializationException(string message)
        : base(message)
    {
    }

    public ActorInitializationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public ActorInitializationException(IActorRef actor, string message, Exception? cause = null)
        : base($"{actor}: {message}", cause) => Actor = actor;

    public IActorRef? Actor { get; }
}
