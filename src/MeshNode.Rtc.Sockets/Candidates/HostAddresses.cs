using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MeshNode.Rtc.Sockets.Candidates;

/// <summary>The machine's own addresses.</summary>
internal static class HostAddresses
{
    /// <summary>Every unicast address that ICE may use, loopback included, of interfaces that are up; in the system's order.</summary>
    public static IReadOnlyList<HostAddress> Enumerate()
    {
        try
        {
            return
            [
                .. from networkInterface in NetworkInterface.GetAllNetworkInterfaces()
                   where networkInterface.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown // loopback is "unknown" on Linux
                   from unicast in networkInterface.GetIPProperties().UnicastAddresses
                   where IsUsable(unicast.Address)
                   select new HostAddress(
                       unicast.Address,
                       networkInterface.NetworkInterfaceType is NetworkInterfaceType.Tunnel or NetworkInterfaceType.Ppp),
            ];
        }
        catch (NetworkInformationException)
        {
            // A sandbox that hides its interfaces: what every machine has.
            return [new HostAddress(IPAddress.Loopback)];
        }
    }

    /// <summary>
    /// RFC 8445 section 5.1.1.1: "Deprecated IPv4-compatible IPv6 addresses and IPv6 site-local unicast addresses MUST NOT
    /// be included", and "IPv4-mapped IPv6 addresses SHOULD NOT be included".
    /// </summary>
    public static bool IsUsable(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !address.Equals(IPAddress.Any);
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        var isIPv4Compatible = !bytes[..12].ContainsAnyExcept((byte)0) && !IPAddress.IsLoopback(address);
        return !isIPv4Compatible && !address.IsIPv6SiteLocal && !address.IsIPv4MappedToIPv6 && !address.IsIPv6Multicast;
    }
}
