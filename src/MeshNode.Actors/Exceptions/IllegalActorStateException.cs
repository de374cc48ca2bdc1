namespace MeshNode.Actors;

/// <summary>An operation that the actor's state does not allow, such as stashing one message twice.</summary>
public class IllegalActorStateException : AkkaException
{
    public IllegalActorStateException()
    {
    }

    public IllegalActorStateException(string message)
        : base(message)
    {
    }

    public IllegalActorStateException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
