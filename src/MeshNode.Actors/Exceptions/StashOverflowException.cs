namespace MeshNode.Actors;

/// <summary>A stash was full. The message is lost unless the actor catches this and deals with it.</summary>
public class StashOverflowException : AkkaException
{
    public StashOverflowException()
    {
    }

    public StashOverflowException(string message)
        : base(message)
    {
    }

    public StashOverflowException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
