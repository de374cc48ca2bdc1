using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Chunks;

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

    /// <summary>
    /// False when the packet is too short for a chunk or its checksum is wrong. A zero is right, too, where we announced so, but
    /// not in packets that set an association up (RFC 9653 §5.2, §5.3).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> packet, bool isZeroAccepted, out CommonHeader header)
    {
        header = default;
        if (packet.Length < Length + 4)
        {
            return false;
        }

        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(packet[8..]);
        var isUnchecked = checksum == 0 && isZeroAccepted && (ChunkType)packet[Length] is not (ChunkType.Init or ChunkType.CookieEcho);
        if (!isUnchecked && checksum != Crc32c.ComputePacket(packet))
        {
            return false;
        }

        header = new(
            BinaryPrimitives.ReadUInt16BigEndian(packet),
            BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            new VerificationTag(BinaryPrimitives.ReadUInt32BigEndian(packet[4..])));
        return true;
    }

    /// <summary>Writes the header and then the checksum over the whole packet, or a zero.</summary>
    public void Write(Span<byte> packet, bool isZeroChecksum = false)
    {
        BinaryPrimitives.WriteUInt16BigEndian(packet, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], DestinationPort);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], VerificationTag.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[8..], isZeroChecksum ? 0 : Crc32c.ComputePacket(packet));
    }
}
