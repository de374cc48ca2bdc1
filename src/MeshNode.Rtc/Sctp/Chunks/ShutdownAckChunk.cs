namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>SHUTDOWN ACK (RFC 9260 §3.3.9): a bare header.</summary>
internal static class ShutdownAckChunk
{
    public const int Length = ChunkHeader.Length;

    public static bool IsValid(ReadOnlySpan<byte> chunk) => ChunkHeader.Matches(chunk, ChunkType.ShutdownAck, Length) && chunk.Length == Length;

    public static void Write(Span<byte> chunk) => ChunkHeader.Write(chunk[..Length], ChunkType.ShutdownAck);
}
