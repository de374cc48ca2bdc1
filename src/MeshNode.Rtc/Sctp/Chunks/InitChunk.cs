using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// INIT (RFC 9260 §3.3.2) asks for an association; INIT ACK (§3.3.3) answers with a state cookie among its parameters, in the same
/// layout. Each is alone in its packet, INIT with verification tag 0.
/// <code>
/// +---------------+---------------+-------------------------------+
/// |  Type = 1, 2  |  Chunk Flags  |         Chunk Length          |
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
internal readonly ref struct InitChunk
{
    public const int FixedLength = 20;

    public VerificationTag InitiateTag { get; init; }

    /// <summary>a_rwnd in bytes.</summary>
    public uint AdvertisedReceiverWindow { get; init; }

    public ushort OutboundStreams { get; init; }

    public ushort InboundStreams { get; init; }

    public Tsn InitialTsn { get; init; }

    public ReadOnlySpan<byte> Parameters { get; init; }

    /// <param name="chunk">The whole chunk.</param>
    /// <param name="type">Init or InitAck: what it has to be.</param>
    /// <param name="result">Its fields; the parameters lie within <paramref name="chunk"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> chunk, ChunkType type, out InitChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, type, FixedLength) || !TypeLengthValue.IsWellFormed(chunk[FixedLength..]))
        {
            return false;
        }

        result = new InitChunk
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
    public void Write(Span<byte> chunk, ChunkType type)
    {
        ChunkHeader.Write(chunk, type);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[4..], InitiateTag.Value);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[8..], AdvertisedReceiverWindow);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[12..], OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[14..], InboundStreams);
        BinaryPrimitives.WriteUInt32BigEndian(chunk[16..], InitialTsn.Value);
        Parameters.CopyTo(chunk[FixedLength..]);
    }
}
