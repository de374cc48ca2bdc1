using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>SHUTDOWN (RFC 9260 §3.3.8): the sender has no more to send and has received up to a TSN.</summary>
internal static class ShutdownChunk
{
    public const int Length = 8;

    public static bool TryParse(ReadOnlySpan<byte> chunk, out Tsn cumulativeTsnAck)
    {
        cumulativeTsnAck = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.Shutdown, Length) || chunk.Length != Length)
        {
            return false;
        }

        cumulativeTsnAck = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        return true;
    }

    public static void Write(Span<byte> chunk, Tsn cumulativeTsnAck)
    {
        ChunkHeader.Write(chunk[..Length], ChunkType.Shutdown);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], cumulativeTsnAck.Value);
    }
}
