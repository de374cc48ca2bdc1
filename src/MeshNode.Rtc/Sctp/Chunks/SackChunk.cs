using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// SACK (RFC 9260 §3.3.4). Gap blocks are offsets from the cumulative TSN ack, both ends inclusive.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |   Type = 3    |  Chunk Flags  |         Chunk Length          |
/// +---------------+---------------+-------------------------------+
/// |                      Cumulative TSN Ack                       |
/// +---------------------------------------------------------------+
/// |          Advertised Receiver Window Credit (a_rwnd)           |
/// +-------------------------------+-------------------------------+
/// | Number of Gap Ack Blocks = N  |  Number of Duplicate TSNs = M |
/// +-------------------------------+-------------------------------+
/// |   Gap Ack Block #1 Start      |    Gap Ack Block #1 End       |  … N
/// +-------------------------------+-------------------------------+
/// |                        Duplicate TSN 1                        |  … M
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly ref struct SackChunk
{
    public const int FixedLength = 16;

    private readonly ReadOnlySpan<byte> _gapBlocks;
    private readonly ReadOnlySpan<byte> _duplicates;

    private SackChunk(ReadOnlySpan<byte> chunk, int gapBlockCount)
    {
        CumulativeTsnAck = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        AdvertisedReceiverWindow = BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]);
        _gapBlocks = chunk.Slice(FixedLength, gapBlockCount * 4);
        _duplicates = chunk[(FixedLength + (gapBlockCount * 4))..];
    }

    public Tsn CumulativeTsnAck { get; }

    /// <summary>a_rwnd in bytes.</summary>
    public uint AdvertisedReceiverWindow { get; }

    public int GapBlockCount => _gapBlocks.Length / 4;

    public int DuplicateCount => _duplicates.Length / 4;

    /// <summary>False unless the blocks are within the chunk, ascending, disjoint and not empty.</summary>
    public static bool TryParse(ReadOnlySpan<byte> chunk, out SackChunk sack)
    {
        sack = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.Sack, FixedLength))
        {
            return false;
        }

        int gapBlocks = BinaryPrimitives.ReadUInt16BigEndian(chunk[12..]);
        int duplicates = BinaryPrimitives.ReadUInt16BigEndian(chunk[14..]);
        if (chunk.Length != FixedLength + ((gapBlocks + duplicates) * 4))
        {
            return false;
        }

        sack = new SackChunk(chunk, gapBlocks);
        var previousEnd = 0;
        for (var i = 0; i < gapBlocks; i++)
        {
            var (start, end) = sack.GapBlock(i);
            // An offset of 1 or adjacent blocks make no sense and do no harm.
            if (start <= previousEnd || end < start)
            {
                sack = default;
                return false;
            }

            previousEnd = end;
        }

        return true;
    }

    public (int Start, int End) GapBlock(int index) => (
        BinaryPrimitives.ReadUInt16BigEndian(_gapBlocks[(index * 4)..]),
        BinaryPrimitives.ReadUInt16BigEndian(_gapBlocks[((index * 4) + 2)..]));

    public Tsn Duplicate(int index) => new(BinaryPrimitives.ReadUInt32BigEndian(_duplicates[(index * 4)..]));

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 16 bytes and 4 for each block and duplicate.</summary>
    public static void Write(
        Span<byte> chunk,
        Tsn cumulativeTsnAck,
        uint advertisedReceiverWindow,
        ReadOnlySpan<(ushort Start, ushort End)> gapBlocks,
        ReadOnlySpan<Tsn> duplicates)
    {
        ChunkHeader.Write(chunk, ChunkType.Sack);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], cumulativeTsnAck.Value);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[8..], advertisedReceiverWindow);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[12..], (ushort)gapBlocks.Length);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[14..], (ushort)duplicates.Length);
        var rest = chunk[FixedLength..];
        foreach (var (start, end) in gapBlocks)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, start);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], end);
            rest = rest[4..];
        }

        foreach (var tsn in duplicates)
        {
            BinaryPrimitives.WriteUInt32BigEndian(rest, tsn.Value);
            rest = rest[4..];
        }
    }
}
