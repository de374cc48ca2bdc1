namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>Counts what arrives until it is enough; the clock starts with the first message.</summary>
internal sealed class SinkMode(StdioChannel channel, long bytes) : StdioMode("sink", channel)
{
    public override bool Receives => true;

    public override void Receive(ReadOnlySpan<byte> message)
    {
        if (Bytes == 0)
        {
            RestartClock();
        }

        Bytes += message.Length;
        Check();
    }

    protected override void Begin()
    {
        Bytes = Channel.TakeUncounted();
        Check();
    }

    private void Check()
    {
        if (Bytes >= bytes)
        {
            Channel.Complete(this);
        }
    }
}
