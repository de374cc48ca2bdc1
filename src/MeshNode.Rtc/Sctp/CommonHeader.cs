using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// SCTP common header (RFC 9260 §3.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |      Source Port Number       |    Destination Port Number    |
/// +-------------------------------+-------------------------------+
/// |                       Verification Tag                        |
/// +---------------------------------------------------------------+
/// |                 Checksum (CRC32c, little-endian)              |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal readonly record struct CommonHeader(ushort SourcePort, ushort DestinationPort, VerificationTag VerificationTag)
{
    public const int Length = 12;

    /// <summary>False when the packet is too short for a chunk or its checksum is wrong.</summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, out CommonHeader header)
    {
        header = default;
        if (packet.Length < Length + 4 || BinaryPrimitives.ReadUInt32LittleEndian(packet[8..]) != Crc32c.ComputePacket(packet))
        {
            return false;
        }

        header = new(
            BinaryPrimitives.ReadUInt16BigEndian(packet),
            BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(packet[4..])));
        return true;
    }

    /// <summary>Writes the header and then the checksum over the whole packet.</summary>
    public void Write(Span<byte> packet)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], VerificationTag.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[8..], Crc32c.ComputePacket(packet));
    }
}
