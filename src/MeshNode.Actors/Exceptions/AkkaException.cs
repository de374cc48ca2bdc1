namespace MeshNode.Actors;

/// <summary>Base of the kernel's exceptions; named as Akka.NET names it.</summary>
public class AkkaException : Exception
{
    public AkkaException()
    {
    }

    public AkkaException(string message)
        : base(message)
    {
    }

    public AkkaException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
