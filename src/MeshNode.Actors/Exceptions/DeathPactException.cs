namespace MeshNode.Actors;

/// <summary>An actor watched another and did not handle its <see cref="Terminated"/>.</summary>
public class DeathPactException : AkkaException
{
    public DeathPactException()
    {
    }

    public DeathPactException(string message)
        : base(message)
    {
    }

    public DeathPactException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public DeathPactException(IActorRef deadActor)
        : base($"Monitored actor {deadActor} terminated") => DeadActor = deadActor;

    public IActorRef? DeadActor { get; }
}
