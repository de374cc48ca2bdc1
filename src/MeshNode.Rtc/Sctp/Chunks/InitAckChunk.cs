using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// INIT ACK (RFC 9260 §3.3.3): answers INIT with a state cookie among its parameters. Alone in its packet.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |   Type = 2    |  Chunk Flags  |         Chunk Length          |
/// +---------------+---------------+-------------------------------+
/// |                         Initiate Tag                          |
/// +---------------------------------------------------------------+
/// |           Advertised Receiver Window Credit (a_rwnd)          |
/// +-------------------------------+-------------------------------+
/// |  Number of Outbound Streams   |   Number of Inbound Streams   |
/// +-------------------------------+-------------------------------+
/// |                          Initial TSN                          |
/// +---------------------------------------------------------------+
/// |               Optional/Variable-Length Parameters             |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly ref struct InitAckChunk
{
    public const int FixedLength = 20;

    public VerificationTag InitiateTag { get; init; }

    /// <summary>a_rwnd in bytes.</summary>
    public uint AdvertisedReceiverWindow { get; init; }

    public ushort OutboundStreams { get; init; }

    public ushort InboundStreams { get; init; }

    public Tsn InitialTsn { get; init; }

    public ReadOnlySpan<byte> Parameters { get; init; }

    public static bool TryParse(ReadOnlySpan<byte> chunk, out InitAckChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.InitAck, FixedLength) || !ParameterReader.IsWellFormed(chunk[FixedLength..]))
        {
            return false;
        }

        result = new InitAckChunk
        {
            InitiateTag = new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(chunk[4..])),
            AdvertisedReceiverWindow = BinaryPrimitives.ReadUInt32BigEndian(chunk[8..]),
            OutboundStreams = BinaryPrimitives.ReadUInt16BigEndian(chunk[12..]),
            InboundStreams = BinaryPrimitives.ReadUInt16BigEndian(chunk[14..]),
            InitialTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(chunk[16..])),
            Parameters = chunk[FixedLength..],
        };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 20 bytes and the parameters.</summary>
    public void Write(Span<byte> chunk)
    {
        ChunkHeader.Write(chunk, ChunkType.InitAck);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], InitiateTag.Value);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[8..], AdvertisedReceiverWindow);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[12..], OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[14..], InboundStreams);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[16..], InitialTsn.Value);
        Parameters.CopyTo(chunk[FixedLength..]);
    }
}
