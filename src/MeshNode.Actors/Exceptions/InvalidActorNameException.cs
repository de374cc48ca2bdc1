namespace MeshNode.Actors;

/// <summary>A child's name is malformed or taken.</summary>
public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException()
    {
    }

    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    public InvalidActorNameException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
