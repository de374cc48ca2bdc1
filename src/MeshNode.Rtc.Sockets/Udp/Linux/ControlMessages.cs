using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary>
/// Ancillary data of a message: which local address it came to or leaves from (RFC 3542 section 6.1, ip(7)), and
/// the size of the datagrams within it (udp(7)).
/// </summary>
internal static class ControlMessages
{
    /// <summary>Room for one packet information and one segment size, either way.</summary>
    public const int MaxLength = 96;

    private const int PacketInformation4Length = 12;
    private const int PacketInformation6Length = 20;

    // struct cmsghdr { size_t cmsg_len; int cmsg_level; int cmsg_type; }, data and the next header word-aligned.
    private static readonly int Header = nint.Size + 8;

    /// <returns>Bytes written.</returns>
    public static int Write(in TransportPath path, int segmentSize, Span<byte> destination)
    {
        var length = 0;
        // Only a link-local address needs its interface; elsewhere the kernel's routing table knows better.
        var interfaceIndex = path.Remote.IsLinkLocal ? path.InterfaceIndex : 0;
        if (!path.Local.IsWildcard)
        {
            length = path.Local.Family == AddressFamily.InterNetwork
                ? WritePacketInformation4(path.Local, interfaceIndex, destination)
                : WritePacketInformation6(path.Local, interfaceIndex, destination);
        }

        if (segmentSize > 0)
        {
            var data = Begin(destination[length..], LibC.SOL_UDP, LibC.UDP_SEGMENT, sizeof(ushort));
            MemoryMarshal.Write(data, (ushort)segmentSize);
            length += Space(sizeof(ushort));
        }

        return length;
    }

    /// <summary>Reads what the kernel tells about a received message; absent parts stay 0.</summary>
    public static void Read(ReadOnlySpan<byte> control, ushort port, out TransportAddress local, out int interfaceIndex, out int segmentSize)
    {
        local = default;
        interfaceIndex = 0;
        segmentSize = 0;
        while (control.Length >= Header)
        {
            var length = (int)MemoryMarshal.Read<nuint>(control);
            if (length < Header || length > control.Length)
            {
                return;
            }

            var level = MemoryMarshal.Read<int>(control[nint.Size..]);
            var type = MemoryMarshal.Read<int>(control[(nint.Size + 4)..]);
            var data = control[Header..length];
            switch (level, type)
            {
                case (LibC.IPPROTO_IP, LibC.IP_PKTINFO) when data.Length >= PacketInformation4Length:
                    // struct in_pktinfo { int ipi_ifindex; in_addr ipi_spec_dst; in_addr ipi_addr; }
                    interfaceIndex = MemoryMarshal.Read<int>(data);
                    local = TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(data[8..]), port);
                    break;
                case (LibC.IPPROTO_IPV6, LibC.IPV6_PKTINFO) when data.Length >= PacketInformation6Length:
                    // struct in6_pktinfo { in6_addr ipi6_addr; unsigned ipi6_ifindex; }
                    interfaceIndex = MemoryMarshal.Read<int>(data[16..]);
                    local = TransportAddress.FromIPv6(data[..16], port, (uint)interfaceIndex);
                    break;
                case (LibC.SOL_UDP, LibC.UDP_GRO) when data.Length >= sizeof(int):
                    segmentSize = MemoryMarshal.Read<int>(data);
                    break;
            }

            control = control[Math.Min(Align(length), control.Length)..];
        }
    }

    private static int WritePacketInformation4(in TransportAddress local, int interfaceIndex, Span<byte> destination)
    {
        var data = Begin(destination, LibC.IPPROTO_IP, LibC.IP_PKTINFO, PacketInformation4Length);
        MemoryMarshal.Write(data, interfaceIndex);
        local.WriteAddress(data[4..]); // ipi_spec_dst, the source of what is sent
        data[8..12].Clear();
        return Space(PacketInformation4Length);
    }

    private static int WritePacketInformation6(in TransportAddress local, int interfaceIndex, Span<byte> destination)
    {
        var data = Begin(destination, LibC.IPPROTO_IPV6, LibC.IPV6_PKTINFO, PacketInformation6Length);
        local.WriteAddress(data);
        MemoryMarshal.Write(data[16..], interfaceIndex);
        return Space(PacketInformation6Length);
    }

    private static Span<byte> Begin(Span<byte> destination, int level, int type, int dataLength)
    {
        MemoryMarshal.Write(destination, (nuint)(Header + dataLength));
        MemoryMarshal.Write(destination[nint.Size..], level);
        MemoryMarshal.Write(destination[(nint.Size + 4)..], type);
        return destination[Header..];
    }

    private static int Space(int dataLength) => Align(Header + dataLength);

    private static int Align(int length) => (length + nint.Size - 1) & ~(nint.Size - 1);
}
