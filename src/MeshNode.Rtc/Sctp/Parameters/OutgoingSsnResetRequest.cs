using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>
/// Outgoing SSN Reset Request (RFC 6525 §4.1): the sender starts its streams anew after a TSN. No stream named means all.
/// <code>
/// +-------------------------------+-------------------------------+
/// |     Parameter Type = 13       | Parameter Length = 16 + 2 * N |
/// +-------------------------------+-------------------------------+
/// |           Re-configuration Request Sequence Number            |
/// +---------------------------------------------------------------+
/// |           Re-configuration Response Sequence Number           |
/// +---------------------------------------------------------------+
/// |                Sender's Last Assigned TSN                     |
/// +-------------------------------+-------------------------------+
/// |  Stream Number 1 (optional)   |    Stream Number 2 (optional) |  …
/// +-------------------------------+-------------------------------+
/// </code>
/// </summary>
internal readonly ref struct OutgoingSsnResetRequest
{
    public const int FixedLength = 12; // bytes of the value

    private readonly ReadOnlySpan<byte> _streams;

    private OutgoingSsnResetRequest(ReadOnlySpan<byte> value)
    {
        RequestSequenceNumber = BinaryPrimitives.ReadUInt32BigEndian(value);
        ResponseSequenceNumber = BinaryPrimitives.ReadUInt32BigEndian(value[4..]);
        SenderLastTsn = new Tsn(BinaryPrimitives.ReadUInt32BigEndian(value[8..]));
        _streams = value[FixedLength..];
    }

    public uint RequestSequenceNumber { get; }

    public uint ResponseSequenceNumber { get; }

    public Tsn SenderLastTsn { get; }

    public int StreamCount => _streams.Length / 2;

    public static bool TryParse(ReadOnlySpan<byte> value, out OutgoingSsnResetRequest result)
    {
        result = default;
        if (value.Length < FixedLength || (value.Length - FixedLength) % 2 != 0)
        {
            return false;
        }

        result = new OutgoingSsnResetRequest(value);
        return true;
    }

    public StreamId Stream(int index) => new(BinaryPrimitives.ReadUInt16BigEndian(_streams[(index * 2)..]));

    /// <summary>Writes the value: 12 bytes and 2 for each stream; returns its length.</summary>
    public static int Write(Span<byte> value, uint requestSequenceNumber, uint responseSequenceNumber, Tsn senderLastTsn, ReadOnlySpan<StreamId> streams)
    {
        BinaryPrimitives.WriteUInt32BigEndian(value, requestSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], responseSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], senderLastTsn.Value);
        for (var i = 0; i < streams.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value[(FixedLength + (i * 2))..], streams[i].Value);
        }

        return FixedLength + (streams.Length * 2);
    }
}
