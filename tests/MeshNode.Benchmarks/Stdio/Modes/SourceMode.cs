namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>Sends as fast as the channel takes it; done when the last byte has been sent for the first time.</summary>
internal sealed class SourceMode(StdioChannel channel, long bytes, int size, long ahead) : StdioMode("source", channel)
{
    private readonly byte[] _message = new byte[size];

    public override bool Sends => true;

    public override void Continue()
    {
        while (Bytes < bytes && (Channel.BufferedAmount < ahead || Channel.BufferedAmount == 0))
        {
            var length = (int)Math.Min(size, bytes - Bytes);
            if (!Channel.TrySend(_message.AsSpan(0, length)))
            {
                return;
            }

            Bytes += length;
        }

        if (Bytes < bytes)
        {
            return;
        }

        Channel.LowThreshold = 0;
        if (Channel.BufferedAmount == 0)
        {
            Channel.Complete(this);
        }
    }

    protected override void Begin()
    {
        Channel.LowThreshold = ahead / 2;
        Continue();
    }
}
