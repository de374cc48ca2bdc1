using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// DATA (RFC 9260 §3.3.1): one fragment of a user message.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |   Type = 0    |  Res  |I|U|B|E|            Length             |
/// +---------------+---------------+-------------------------------+
/// |                              TSN                              |
/// +-------------------------------+-------------------------------+
/// |      Stream Identifier S      |   Stream Sequence Number n    |
/// +-------------------------------+-------------------------------+
/// |                  Payload Protocol Identifier                  |
/// +---------------------------------------------------------------+
/// |                   User Data (seq n of Stream S)               |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly ref struct DataChunk
{
    public const int HeaderLength = 16;

    public const byte EndFlag = 1;
    public const byte BeginningFlag = 2;
    public const byte UnorderedFlag = 4;
    public const byte ImmediateFlag = 8;

    public byte Flags { get; private init; }

    public Tsn Tsn { get; private init; }

    public StreamId StreamId { get; private init; }

    public Ssn Ssn { get; private init; }

    /// <summary>Payload protocol identifier; what it means is the upper layer's.</summary>
    public uint Ppid { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public bool IsBeginning => (Flags & BeginningFlag) != 0;

    public bool IsEnd => (Flags & EndFlag) != 0;

    public bool IsUnordered => (Flags & UnorderedFlag) != 0;

    /// <summary>The sender wants a SACK at once (RFC 9260 §3.3.1, I bit).</summary>
    public bool IsImmediate => (Flags & ImmediateFlag) != 0;

    public static bool TryParse(ReadOnlySpan<byte> chunk, out DataChunk data)
    {
        if (!ChunkHeader.Matches(chunk, ChunkType.Data, HeaderLength))
        {
            data = default;
            return false;
        }

        data = new DataChunk
        {
            Flags = chunk[1],
            Tsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..])),
            StreamId = new StreamId(BinaryPrimitives.ReadUInt16BigEndian(chunk[8..])),
            Ssn = new Ssn(BinaryPrimitives.ReadUInt16BigEndian(chunk[10..])),
            Ppid = BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]),
            Payload = chunk[HeaderLength..],
        };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 16 bytes of header and the payload.</summary>
    public static void Write(Span<byte> chunk, byte flags, Tsn tsn, StreamId streamId, Ssn ssn, uint ppid, ReadOnlySpan<byte> payload)
    {
        ChunkHeader.Write(chunk, ChunkType.Data, flags);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], tsn.Value);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[8..], streamId.Value);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[10..], ssn.Value);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[12..], ppid);
        payload.CopyTo(chunk[HeaderLength..]);
    }
}
