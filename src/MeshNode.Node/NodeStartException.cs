namespace MeshNode.Node;

/// <summary>
/// The program cannot do what it was asked because of how it was asked or what it found: one line that says what is wrong
/// and what would be right, on standard error, and exit code 2.
/// </summary>
internal sealed class NodeStartException : Exception
{
    public NodeStartException(string message)
        : base(message)
    {
    }

    public NodeStartException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
