using System.Net;
using System.Net.Sockets;

namespace MeshNode.Rtc.Sockets.Udp.Portable;

/// <summary>A .NET socket bound to one address of the machine, so that what it sends leaves from there.</summary>
internal sealed class PortableUdpSocket : IDisposable
{
    private const int SioUdpConnectionReset = unchecked((int)0x9800000C);

    private readonly SocketAddress _sender;
    private readonly SocketAddress _receiver;

    private PortableUdpSocket(Socket socket)
    {
        Socket = socket;
        LocalEndPoint = (IPEndPoint)socket.LocalEndPoint!;
        LocalAddress = TransportAddress.From(LocalEndPoint);
        _sender = new SocketAddress(LocalEndPoint.AddressFamily);
        _receiver = new SocketAddress(LocalEndPoint.AddressFamily);
    }

    public Socket Socket { get; }

    public IPEndPoint LocalEndPoint { get; }

    public TransportAddress LocalAddress { get; }

    /// <exception cref="UdpBindException">The address cannot be bound.</exception>
    public static PortableUdpSocket Open(IPEndPoint endPoint, RtcEventLoopOptions options)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp)
            {
                ReceiveBufferSize = options.ReceiveBufferSize,
                SendBufferSize = options.SendBufferSize,
                Blocking = false,
            };
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            if (OperatingSystem.IsWindows())
            {
                // Otherwise an ICMP "port unreachable" makes the next receive fail.
                socket.IOControl(SioUdpConnectionReset, [0, 0, 0, 0], null);
            }

            socket.Bind(endPoint);
            return new PortableUdpSocket(socket);
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw new UdpBindException(endPoint, exception.Message, exception);
        }
    }

    /// <summary>False when nothing is there. Asks first how much there is: a receive that would wait throws.</summary>
    public bool TryReceive(Span<byte> buffer, out int length, out TransportAddress remote)
    {
        length = 0;
        remote = default;
        try
        {
            if (!Socket.Poll(0, SelectMode.SelectRead))
            {
                return false;
            }

            length = Socket.ReceiveFrom(buffer, SocketFlags.None, _sender);
            remote = DotNetSocketAddress.Read(_sender);
            return true;
        }
        catch (SocketException)
        {
            return false; // an ICMP error of an earlier datagram, or a datagram with a wrong checksum
        }
    }

    /// <summary>False when the kernel refuses it or has no room; a datagram may be lost anywhere.</summary>
    public bool TrySend(ReadOnlySpan<byte> datagram, in TransportPath path)
    {
        if (path.Remote.Family != LocalAddress.Family)
        {
            return false;
        }

        try
        {
            DotNetSocketAddress.Write(path.Remote, path.InterfaceIndex, _receiver);
            return Socket.SendTo(datagram, SocketFlags.None, _receiver) == datagram.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => Socket.Dispose();
}
