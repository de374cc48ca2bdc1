namespace MeshNode.Node.Cli;

/// <summary>A running node could not be asked, or said no: one line, and exit code 1.</summary>
internal sealed class ControlException : Exception
{
    public ControlException(string message)
        : base(message)
    {
    }

    public ControlException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
