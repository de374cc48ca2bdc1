using System.Net;

namespace MeshNode.Rtc.Sockets;

/// <summary>A UDP address cannot be bound; the message names the address, the port and the cause.</summary>
public sealed class UdpBindException(IPEndPoint endPoint, string reason, Exception? inner = null)
    : IOException($"cannot bind UDP {endPoint}: {reason}", inner)
{
    public IPEndPoint EndPoint { get; } = endPoint;

    public string Reason { get; } = reason;
}
