using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary><c>sockaddr_in</c> and <c>sockaddr_in6</c>: family in host order, port and address in network order.</summary>
internal static class SocketAddressCodec
{
    /// <summary>The longer of the two, in bytes.</summary>
    public const int MaxLength = 28;

    private const int IPv4Length = 16;
    private const int IPv6Length = 28;

    /// <param name="address">What to write.</param>
    /// <param name="interfaceIndex">The scope of a link-local IPv6 address that has none of its own.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(in TransportAddress address, int interfaceIndex, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], address.Port);
        if (address.Family == AddressFamily.InterNetwork)
        {
            MemoryMarshal.Write(destination, (ushort)LibC.AF_INET);
            address.WriteAddress(destination[4..]);
            destination[8..IPv4Length].Clear();
            return IPv4Length;
        }

        MemoryMarshal.Write(destination, (ushort)LibC.AF_INET6);
        destination[4..8].Clear(); // flow label
        address.WriteAddress(destination[8..]);
        var scope = address.ScopeId != 0 ? address.ScopeId : address.IsLinkLocal ? (uint)interfaceIndex : 0;
        MemoryMarshal.Write(destination[24..], scope);
        return IPv6Length;
    }

    public static TransportAddress Read(ReadOnlySpan<byte> source)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(source[2..]);
        return MemoryMarshal.Read<ushort>(source) == LibC.AF_INET
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(source[4..]), port)
            : TransportAddress.FromIPv6(source.Slice(8, 16), port, MemoryMarshal.Read<uint>(source[24..]));
    }
}
