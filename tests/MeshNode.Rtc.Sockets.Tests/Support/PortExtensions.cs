using System.Net;
using MeshNode.Rtc.Sockets.Udp;

namespace MeshNode.Rtc.Sockets.Tests.Support;

internal static class PortExtensions
{
    public static TransportAddress Address(this IUdpPort port) => TransportAddress.From(port.LocalEndPoints[0]);

    /// <summary>A path from one address of this port to one of another.</summary>
    public static TransportPath PathTo(this IUdpPort port, IPAddress from, IUdpPort other, IPAddress to) => new(
        TransportAddress.From(from, port.LocalEndPoints[0].Port),
        TransportAddress.From(to, other.LocalEndPoints[0].Port));

    public static void Queue(this IUdpPort port, in TransportPath path, ReadOnlySpan<byte> data)
    {
        data.CopyTo(port.GetSendBuffer());
        port.Send(new Transmit(path, data.Length));
    }

    /// <summary>Sends everything, also when the kernel's queue is full for a while.</summary>
    public static void FlushAll(this IUdpPort port)
    {
        port.Flush();
        while (!port.CanSend)
        {
            port.Wait(TimeSpan.FromSeconds(1));
            port.Flush();
        }
    }

    /// <summary>Sends back what was received, along the path that it came.</summary>
    public static void Echo(this IUdpPort port, Recorder received)
    {
        foreach (var (path, data) in received.Datagrams)
        {
            port.Queue(path, data);
        }

        port.FlushAll();
    }
}
