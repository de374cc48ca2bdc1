namespace MeshNode.Mesh.Identity;

/// <summary>The data directory cannot be used. The message is one line that says what is wrong and what mends it.</summary>
public sealed class IdentityException : Exception
{
    public IdentityException(string message)
        : base(message)
    {
    }

    public IdentityException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
