using System.Net;

namespace MeshNode.Rtc.Sockets.Candidates;

/// <summary>An address of this machine, on an interface that is up.</summary>
/// <param name="Address">With its scope id, when link-local.</param>
/// <param name="IsTunnel">Of a VPN or another point-to-point interface.</param>
internal readonly record struct HostAddress(IPAddress Address, bool IsTunnel = false)
{
    public bool IsLoopback => IPAddress.IsLoopback(Address);

    public bool IsLinkLocal => TransportAddress.From(Address, 0).IsLinkLocal;
}
