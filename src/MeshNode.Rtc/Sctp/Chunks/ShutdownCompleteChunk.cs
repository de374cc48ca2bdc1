namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>SHUTDOWN COMPLETE (RFC 9260 §3.3.13): a bare header; with the T bit the verification tag is the receiver's own, reflected.</summary>
internal static class ShutdownCompleteChunk
{
    public const int Length = ChunkHeader.Length;
    public const byte ReflectedTagFlag = 1;

    public static bool TryParse(ReadOnlySpan<byte> chunk, out bool isTagReflected)
    {
        isTagReflected = false;
        if (!ChunkHeader.Matches(chunk, ChunkType.ShutdownComplete, Length) || chunk.Length != Length)
        {
            return false;
        }

        isTagReflected = (chunk[1] & ReflectedTagFlag) != 0;
        return true;
    }

    public static void Write(Span<byte> chunk, bool isTagReflected) =>
        ChunkHeader.Write(chunk[..Length], ChunkType.ShutdownComplete, isTagReflected ? ReflectedTagFlag : (byte)0);
}
