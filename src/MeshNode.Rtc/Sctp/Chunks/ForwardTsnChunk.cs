using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// FORWARD TSN (RFC 3758 §3.2): the receiver shall take everything up to a TSN as received, and on each ordered stream named,
/// everything up to an SSN as given up.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |   Type = 192  |  Flags = 0    |            Length             |
/// +---------------+---------------+-------------------------------+
/// |                      New Cumulative TSN                       |
/// +-------------------------------+-------------------------------+
/// |           Stream-1            |       Stream Sequence-1       |  …
/// +-------------------------------+-------------------------------+
/// </code>
/// </summary>
internal readonly ref struct ForwardTsnChunk
{
    public const int FixedLength = 8;
    public const int EntryLength = 4;

    private readonly ReadOnlySpan<byte> _skipped;

    private ForwardTsnChunk(ReadOnlySpan<byte> chunk)
    {
        NewCumulativeTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]));
        _skipped = chunk[FixedLength..];
    }

    public Tsn NewCumulativeTsn { get; }

    public int SkippedCount => _skipped.Length / 4;

    public static bool TryParse(ReadOnlySpan<byte> chunk, out ForwardTsnChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.ForwardTsn, FixedLength) || (chunk.Length - FixedLength) % 4 != 0)
        {
            return false;
        }

        result = new ForwardTsnChunk(chunk);
        return true;
    }

    public (StreamId StreamId, Ssn Ssn) Skipped(int index) => (
        new StreamId(BinaryPrimitives.ReadUInt16BigEndian(_skipped[(index * 4)..])),
        new Ssn(BinaryPrimitives.ReadUInt16BigEndian(_skipped[((index * 4) + 2)..])));

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 8 bytes and 4 for each stream.</summary>
    public static void Write(Span<byte> chunk, Tsn newCumulativeTsn, ReadOnlySpan<SkippedMessage> skipped)
    {
        ChunkHeader.Write(chunk, ChunkType.ForwardTsn);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], newCumulativeTsn.Value);
        for (var i = 0; i < skipped.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(chunk[(FixedLength + (i * 4))..], skipped[i].StreamId.Value);
            BinaryPrimitives.WriteUInt16BigEndian(chunk[(FixedLength + (i * 4) + 2)..], (ushort)skipped[i].Mid);
        }
    }
}
