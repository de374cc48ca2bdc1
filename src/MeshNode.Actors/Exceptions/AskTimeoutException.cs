namespace MeshNode.Actors;

/// <summary>No answer came within the time that <c>Ask</c> allowed.</summary>
public class AskTimeoutException : AkkaException
{
    public AskTimeoutException()
    {
    }

    public AskTimeoutException(string message)
        : base(message)
    {
    }

    public AskTimeoutException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
