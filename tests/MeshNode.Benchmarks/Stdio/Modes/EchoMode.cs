namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>Sends back what arrives, until another mode takes its place.</summary>
internal sealed class EchoMode(StdioChannel channel) : StdioMode("echo", channel)
{
    /// <summary>Bytes that may wait to go back before no more is read.</summary>
    private const long HighWater = 8 << 20;

    public override bool Ends => false;

    public override bool Receives => true;

    public override bool CanRead => Channel.BufferedAmount < HighWater;

    public override void Receive(ReadOnlySpan<byte> message)
    {
        if (!Channel.TrySend(message))
        {
            Channel.Report("a message could not be sent back");
        }
    }
}
