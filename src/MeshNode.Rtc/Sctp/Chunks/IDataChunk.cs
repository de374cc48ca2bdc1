using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// I-DATA (RFC 8260 §2.1): one fragment of a user message that says which message and which fragment, so that fragments of
/// several messages may take turns. The first fragment carries the PPID in the place of its number, which is 0.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |   Type = 64   |  Res  |I|U|B|E|            Length             |
/// +---------------+---------------+-------------------------------+
/// |                              TSN                              |
/// +-------------------------------+-------------------------------+
/// |       Stream Identifier       |           Reserved            |
/// +-------------------------------+-------------------------------+
/// |                      Message Identifier (MID)                 |
/// +---------------------------------------------------------------+
/// |    Payload Protocol Identifier / Fragment Sequence Number     |
/// +---------------------------------------------------------------+
/// |                           User Data                           |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly ref struct IDataChunk
{
    public const int HeaderLength = 20;

    /// <summary>The I, U, B and E bits lie where DATA has them.</summary>
    public byte Flags { get; private init; }

    public Tsn Tsn { get; private init; }

    public StreamId StreamId { get; private init; }

    /// <summary>Counts the stream's ordered messages, and apart from them its unordered ones; wraps at 2^32.</summary>
    public uint Mid { get; private init; }

    /// <summary>Payload protocol identifier; 0 except in the first fragment.</summary>
    public uint Ppid { get; private init; }

    /// <summary>Counts the message's fragments from 0.</summary>
    public uint Fsn { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    public bool IsBeginning => (Flags & DataChunk.BeginningFlag) != 0;

    public bool IsEnd => (Flags & DataChunk.EndFlag) != 0;

    public bool IsUnordered => (Flags & DataChunk.UnorderedFlag) != 0;

    /// <summary>The sender wants a SACK at once.</summary>
    public bool IsImmediate => (Flags & DataChunk.ImmediateFlag) != 0;

    public static bool TryParse(ReadOnlySpan<byte> chunk, out IDataChunk data)
    {
        if (!ChunkHeader.Matches(chunk, ChunkType.IData, HeaderLength))
        {
            data = default;
            return false;
        }

        var isBeginning = (chunk[1] & DataChunk.BeginningFlag) != 0;
        var ppidOrFsn = BinaryPrimitives.ReadUInt32BigEndian(chunk[16..]);
        data = new IDataChunk
        {
            Flags = chunk[1],
            Tsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..])),
            StreamId = new StreamId(BinaryPrimitives.ReadUInt16BigEndian(chunk[8..])),
            Mid = BinaryPrimitives.ReadUInt32BigEndian(chunk[12..]),
            Ppid = isBeginning ? ppidOrFsn : 0,
            Fsn = isBeginning ? 0 : ppidOrFsn,
            Payload = chunk[HeaderLength..],
        };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 20 bytes of header and the payload.</summary>
    public static void Write(Span<byte> chunk, byte flags, Tsn tsn, StreamId streamId, uint mid, uint ppid, uint fsn, ReadOnlySpan<byte> payload)
    {
        ChunkHeader.Write(chunk, ChunkType.IData, flags);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], tsn.Value);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[8..], streamId.Value);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[10..], 0);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[12..], mid);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[16..], (flags & DataChunk.BeginningFlag) != 0 ? ppid : fsn);
        payload.CopyTo(chunk[HeaderLength..]);
    }
}
