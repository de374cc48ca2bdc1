namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// PAD (RFC 4820 §3): fills a packet; the receiver skips it, also one that does not know it, as its type's high bits are 10.
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+-------------------------------+
/// |  Type = 0x84  |   Flags = 0   |            Length             |
/// +---------------+---------------+-------------------------------+
/// \                         Padding Data                          \
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal static class PadChunk
{
    /// <summary>Writes a chunk that fills <paramref name="chunk"/>, 4 bytes or more, with zeros.</summary>
    public static void Write(Span<byte> chunk)
    {
        ChunkHeader.Write(chunk, ChunkType.Pad);
        chunk[ChunkHeader.Length..].Clear();
    }
}
