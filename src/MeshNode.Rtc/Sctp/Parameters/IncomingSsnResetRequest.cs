using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>Incoming SSN Reset Request (RFC 6525 §4.2): asks the receiver to reset its outgoing streams. No stream named means all.</summary>
internal readonly ref struct IncomingSsnResetRequest
{
    public const int FixedLength = 4; // bytes of the value

    private readonly ReadOnlySpan<byte> _streams;

    private IncomingSsnResetRequest(ReadOnlySpan<byte> value)
    {
        RequestSequenceNumber = BinaryPrimitives.ReadUInt32BigEndian(value);
        _streams = value[FixedLength..];
    }

    public uint RequestSequenceNumber { get; }

    public int StreamCount => _streams.Length / 2;

    public static bool TryParse(ReadOnlySpan<byte> value, out IncomingSsnResetRequest result)
    {
        result = default;
        if (value.Length < FixedLength || (value.Length - FixedLength) % 2 != 0)
        {
            return false;
        }

        result = new IncomingSsnResetRequest(value);
        return true;
    }

    public StreamId Stream(int index) => new(BinaryPrimitives.ReadUInt16BigEndian(_streams[(index * 2)..]));
}
