using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Whole packets that leave before anything else, with a verification tag of their own: answers to INIT, ABORT, and the last
/// packet of an association that has ended. Bounded, since the far side decides how many are asked for.
/// </summary>
internal sealed class ReplyQueue(SctpConfiguration configuration)
{
    private const int Limit = 8;

    private readonly Queue<byte[]> _packets = new();

    public bool IsFull => _packets.Count >= Limit;

    public void Enqueue(byte[] packet)
    {
        if (!IsFull)
        {
            _packets.Enqueue(packet);
        }
    }

    /// <summary>A packet of one chunk.</summary>
    public void Enqueue(VerificationTag tag, ChunkType type, ReadOnlySpan<byte> body, byte flags = 0)
    {
        if (IsFull)
        {
            return;
        }

        var packet = new byte[(CommonHeader.Length + ChunkHeader.Length + body.Length + 3) & ~3];
        var chunk = packet.AsSpan(CommonHeader.Length, ChunkHeader.Length + body.Length);
        ChunkHeader.Write(chunk, type, flags);
        body.CopyTo(chunk[ChunkHeader.Length..]);
        new CommonHeader(configuration.LocalPort, configuration.RemotePort, tag).Write(packet);
        _packets.Enqueue(packet);
    }

    public bool TryDequeue(out byte[]? packet) => _packets.TryDequeue(out packet);
}
