using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace MeshNode.Rtc.Sockets.Udp.Portable;

/// <summary>
/// .NET's <see cref="SocketAddress"/>: the system's own bytes, of which only the family's form differs between systems;
/// .NET has written it.
/// </summary>
internal static class DotNetSocketAddress
{
    public static TransportAddress Read(SocketAddress address)
    {
        var bytes = address.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return address.Family == AddressFamily.InterNetwork
            ? TransportAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : TransportAddress.FromIPv6(bytes.Slice(8, 16), port, BitConverter.ToUInt32(bytes[24..]));
    }

    /// <param name="address">What to write.</param>
    /// <param name="interfaceIndex">The scope of a link-local IPv6 address that has none of its own.</param>
    /// <param name="destination">Of the same family.</param>
    public static void Write(in TransportAddress address, int interfaceIndex, SocketAddress destination)
    {
        var bytes = destination.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (address.Family == AddressFamily.InterNetwork)
        {
            address.WriteAddress(bytes[4..]);
            bytes[8..16].Clear();
            destination.Size = 16;
            return;
        }

        bytes[4..8].Clear();
        address.WriteAddress(bytes[8..]);
        BitConverter.TryWriteBytes(bytes[24..], address.ScopeId != 0 ? address.ScopeId : address.IsLinkLocal ? (uint)interfaceIndex : 0);
        destination.Size = 28;
    }
}
