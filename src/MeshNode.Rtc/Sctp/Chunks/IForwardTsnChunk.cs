using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// I-FORWARD-TSN (RFC 8260 §2.3.1): FORWARD TSN for messages sent as I-DATA, the unordered ones among them, too.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |  Type = 194   |  Flags = 0    |            Length             |
/// +---------------+---------------+-------------------------------+
/// |                      New Cumulative TSN                       |
/// +-------------------------------+-----------------------------+-+
/// |       Stream Identifier       |          Reserved           |U|  …
/// +-------------------------------+-----------------------------+-+
/// |                       Message Identifier                      |  …
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly ref struct IForwardTsnChunk
{
    public const int FixedLength = 8;
    public const int EntryLength = 8;

    private const ushort UnorderedBit = 1;

    private readonly ReadOnlySpan<byte> _skipped;

    private IForwardTsnChunk(ReadOnlySpan<byte> chunk)
    {
        NewCumulativeTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        _skipped = chunk[FixedLength..];
    }

    public Tsn NewCumulativeTsn { get; }

    public int SkippedCount => _skipped.Length / EntryLength;

    public static bool TryParse(ReadOnlySpan<byte> chunk, out IForwardTsnChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.IForwardTsn, FixedLength) || (chunk.Length - FixedLength) % EntryLength != 0)
        {
            return false;
        }

        result = new IForwardTsnChunk(chunk);
        return true;
    }

    public SkippedMessage Skipped(int index)
    {
        var entry = _skipped[(index * EntryLength)..];
        return new SkippedMessage(
            new StreamId(BinaryPrimitives.ReadUInt16BigEndian(entry)),
            (BinaryPrimitives.ReadUInt16BigEndian(entry[2..]) & UnorderedBit) != 0,
            BinaryPrimitives.ReadUInt32BigEndian(entry[4..]));
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 8 bytes and 8 for each message.</summary>
    public static void Write(Span<byte> chunk, Tsn newCumulativeTsn, ReadOnlySpan<SkippedMessage> skipped)
    {
        ChunkHeader.Write(chunk, ChunkType.IForwardTsn);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], newCumulativeTsn.Value);
        var rest = chunk[FixedLength..];
        foreach (var message in skipped)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, message.StreamId.Value);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], message.IsUnordered ? UnorderedBit : (ushort)0);
            BinaryPrimitives.WriteUInt32BigEndian(rest[4..], message.Mid);
            rest = rest[EntryLength..];
        }
    }
}
