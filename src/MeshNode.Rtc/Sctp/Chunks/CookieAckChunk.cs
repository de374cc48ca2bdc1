namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>COOKIE ACK (RFC 9260 §3.3.12): a bare header. First in its packet.</summary>
internal static class CookieAckChunk
{
    public const int Length = ChunkHeader.Length;

    public static bool IsValid(ReadOnlySpan<byte> chunk) => ChunkHeader.Matches(chunk, ChunkType.CookieAck, Length) && chunk.Length == Length;

    public static void Write(Span<byte> chunk) => ChunkHeader.Write(chunk[..Length], ChunkType.CookieAck);
}
