namespace MeshNode.Actors;

/// <summary>A selection led to no actor.</summary>
public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException()
    {
    }

    public ActorNotFoundException(string message)
        : base(message)
    {
    }

    public ActorNotFoundException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
