namespace MeshNode.Node;

internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It was asked correctly and did not succeed: not delivered, no node there.</summary>
    public const int Failure = 1;

    /// <summary>Bad option or configuration, port in use, key or directory that cannot be used.</summary>
    public const int Usage = 2;

    /// <summary>A second Ctrl-C, as shells count it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
