using MeshNode.Rtc.Dtls;

namespace MeshNode.Rtc;

/// <summary>
/// UDP payloads that fill the packets of common links: 1,280 (IPv6's least), 1,420 (WireGuard), 1,472 and 1,492 (PPPoE), 1,500
/// (Ethernet), 4,080, 9,000 (jumbo frames), each less 48 for IPv6 and UDP, or 28 for IPv4; then the largest DTLS record.
/// </summary>
internal static class PathMtuSizes
{
    /// <summary>RFC 6347 section 4.1: 2^14 bytes of plaintext, and what the record adds.</summary>
    public const int LargestDatagram = DtlsTransport.MaxRecordLength + DtlsTransport.RecordOverhead;

    /// <summary>
    /// What a far side surely takes that does not say more: an Ethernet's. libwebrtc reads records into 2,048 bytes and fails the
    /// connection at a longer one.
    /// </summary>
    public const int CommonDatagram = 1472;

    private const int UsualBase = 1200;

    private static readonly int[] Datagrams = [1232, 1252, 1372, 1392, 1424, 1444, 1452, 1472, 4032, 8952, 8972, LargestDatagram];

    private static readonly IReadOnlyList<int> Usual = Select(UsualBase, LargestDatagram);

    /// <summary>The SCTP packets of the datagrams above one size and up to another, ascending.</summary>
    public static IReadOnlyList<int> Packets(int datagramSize, int maxDatagramSize) =>
        (datagramSize, maxDatagramSize) == (UsualBase, LargestDatagram) ? Usual : Select(datagramSize, maxDatagramSize);

    /// <summary>SCTP packets are whole words (RFC 9260 section 3.2).</summary>
    public static int PacketOf(int datagramSize) => (datagramSize - DtlsTransport.RecordOverhead) & ~3;

    private static IReadOnlyList<int> Select(int datagramSize, int maxDatagramSize) =>
        maxDatagramSize <= datagramSize ? [] : [.. Datagrams
            .Where(size => size > datagramSize && size < maxDatagramSize)
            .Append(Math.Min(maxDatagramSize, LargestDatagram))
            .Distinct()
            .Select(PacketOf)];
}
