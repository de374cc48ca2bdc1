using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// Chunk header (RFC 9260 §3.2): type, flags, and a length that counts the header but not the padding.
/// </summary>
internal static class ChunkHeader
{
    public const int Length = 4;

    /// <summary>Writes the header; the length is the span's.</summary>
    public static void Write(Span<byte> chunk, ChunkType type, byte flags = 0)
    {
        chunk[0] = (byte)type;
        chunk[1] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(chunk[2..], (ushort)chunk.Length);
    }

    /// <summary>True when the span is a chunk of this type, whose length field is the span's, with room for its fixed part.</summary>
    public static bool Matches(ReadOnlySpan<byte> chunk, ChunkType type, int minimumLength) =>
        chunk.Length >= minimumLength && chunk[0] == (byte)type && BinaryPrimitives.ReadUInt16BigEndian(chunk[2..]) == chunk.Length;
}
