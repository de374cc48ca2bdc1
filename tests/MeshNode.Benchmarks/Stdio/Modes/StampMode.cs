using System.Buffers.Binary;

namespace MeshNode.Benchmarks.Stdio.Modes;

/// <summary>Sends messages at a steady pace that begin with the time of their sending, as <see cref="LateMode"/> reads them.</summary>
internal sealed class StampMode(StdioChannel channel, int count, int size, TimeSpan every) : StdioMode("stamp", channel)
{
    /// <summary>Bytes of the time: microseconds, little-endian.</summary>
    public const int StampLength = sizeof(long);

    private readonly byte[] _message = new byte[Math.Max(size, StampLength)];
    private Timer? _timer;
    private int _sent;
    private bool _hasEnded;

    public override bool Sends => true;

    public override void End()
    {
        _hasEnded = true;
        _timer?.Dispose();
    }

    protected override void Begin() => _timer = new Timer(_ => Channel.Execute(Send), null, TimeSpan.Zero, every);

    private void Send()
    {
        if (_hasEnded)
        {
            return;
        }

        BinaryPrimitives.WriteInt64LittleEndian(_message, StdioOutput.Now);
        if (Channel.TrySend(_message))
        {
            Bytes += _message.Length;
            _sent++;
        }

        if (_sent == count)
        {
            Channel.Complete(this);
        }
    }
}
