using System.Diagnostics;

namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>One message there and back at a time; takes the time of each.</summary>
internal sealed class PingMode(StdioChannel channel, int count, int size) : StdioMode("ping", channel)
{
    private readonly byte[] _message = new byte[size];
    private long _sentAt;

    public override bool Receives => true;

    public override bool Sends => true;

    public override void Receive(ReadOnlySpan<byte> message)
    {
        if (_sentAt == 0)
        {
            return; // not ours
        }

        Samples.Add(Stopwatch.GetElapsedTime(_sentAt).TotalMicroseconds);
        Bytes += message.Length;
        if (Samples.Count == count)
        {
            Channel.Complete(this);
        }
        else
        {
            Send();
        }
    }

    public override void Continue()
    {
        if (_sentAt == 0)
        {
            Send();
        }
    }

    protected override void Begin()
    {
        Samples.Capacity = count;
        Send();
    }

    private void Send()
    {
        _sentAt = Stopwatch.GetTimestamp();
        if (!Channel.TrySend(_message))
        {
            _sentAt = 0; // until the buffer is low
        }
    }
}
