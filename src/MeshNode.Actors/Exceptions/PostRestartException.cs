namespace MeshNode.Actors;

/// <summary>The fresh incarnation failed in its constructor or in <c>PostRestart</c>.</summary>
public class PostRestartException : ActorInitializationException
{
    public PostRestartException()
    {
    }

    public PostRestartException(string message)
        : base(message)
    {
    }

    public PostRestartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    public PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
        : base(actor, $"exception post restart ({originalCause?.GetType().Name})", cause) => OriginalCause = originalCause;

    /// <summary>What the restart was for.</summary>
    public Exception? OriginalCause { get; }
}
