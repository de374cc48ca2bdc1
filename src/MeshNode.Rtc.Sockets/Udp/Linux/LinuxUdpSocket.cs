using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary>A bound, non-blocking UDP socket that tells the local address of what it receives, with its two batches.</summary>
internal sealed unsafe class LinuxUdpSocket : IDisposable
{
    private readonly int _descriptor;
    private bool _disposed;

    private LinuxUdpSocket(int descriptor, RtcEventLoopOptions options, IPEndPoint localEndPoint, UdpPortStatistics statistics)
    {
        _descriptor = descriptor;
        LocalEndPoint = localEndPoint;
        LocalAddress = TransportAddress.From(localEndPoint);
        CanReceiveCoalesced = options.ReceiveOffload && SetOption(LibC.SOL_UDP, LibC.UDP_GRO, 1) == 0;
        // Kernels before 4.18 do not know the option; setting it to 0 changes nothing.
        CanSegment = options.SegmentationOffload && SetOption(LibC.SOL_UDP, LibC.UDP_SEGMENT, 0) == 0;
        Incoming = new LinuxReceiveBatch(descriptor, (ushort)localEndPoint.Port, statistics);
        Outgoing = new LinuxSendBatch(descriptor, CanSegment, statistics);
    }

    public int Descriptor => _descriptor;

    public IPEndPoint LocalEndPoint { get; }

    public TransportAddress LocalAddress { get; }

    /// <summary>UDP GRO is on.</summary>
    public bool CanReceiveCoalesced { get; }

    /// <summary>UDP GSO is there.</summary>
    public bool CanSegment { get; }

    public LinuxReceiveBatch Incoming { get; }

    public LinuxSendBatch Outgoing { get; }

    /// <exception cref="UdpBindException">The address cannot be bound.</exception>
    public static LinuxUdpSocket Open(IPEndPoint endPoint, RtcEventLoopOptions options, UdpPortStatistics statistics)
    {
        var isIPv6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        var descriptor = LibC.socket(isIPv6 ? LibC.AF_INET6 : LibC.AF_INET, LibC.SOCK_DGRAM | LibC.SOCK_NONBLOCK | LibC.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
        {
            throw Failure(endPoint);
        }

        try
        {
            if (isIPv6)
            {
                Require(SetOption(descriptor, LibC.IPPROTO_IPV6, LibC.IPV6_V6ONLY, 1), endPoint);
                Require(SetOption(descriptor, LibC.IPPROTO_IPV6, LibC.IPV6_RECVPKTINFO, 1), endPoint);
            }
            else
            {
                Require(SetOption(descriptor, LibC.IPPROTO_IP, LibC.IP_PKTINFO, 1), endPoint);
            }

            // Don't fragment, and leave it to the probes of RFC 8899 what the path takes (ip(7)).
            _ = isIPv6
                ? SetOption(descriptor, LibC.IPPROTO_IPV6, LibC.IPV6_MTU_DISCOVER, LibC.PMTUDISC_PROBE)
                : SetOption(descriptor, LibC.IPPROTO_IP, LibC.IP_MTU_DISCOVER, LibC.PMTUDISC_PROBE);
            SetBufferSize(descriptor, LibC.SO_RCVBUFFORCE, LibC.SO_RCVBUF, options.ReceiveBufferSize);
            SetBufferSize(descriptor, LibC.SO_SNDBUFFORCE, LibC.SO_SNDBUF, options.SendBufferSize);
            return new LinuxUdpSocket(descriptor, options, Bind(descriptor, endPoint), statistics);
        }
        catch
        {
            _ = LibC.close(descriptor);
            throw;
        }
    }

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = LibC.close(_descriptor);
            Incoming.Dispose();
            Outgoing.Dispose();
        }
    }

    private static IPEndPoint Bind(int descriptor, IPEndPoint endPoint)
    {
        var address = stackalloc byte[SocketAddressCodec.MaxLength];
        var span = new Span<byte>(address, SocketAddressCodec.MaxLength);
        var length = (uint)SocketAddressCodec.Write(TransportAddress.From(endPoint), 0, span);
        Require(LibC.bind(descriptor, address, length), endPoint);
        Require(LibC.getsockname(descriptor, address, &length), endPoint);
        return SocketAddressCodec.Read(span).ToIPEndPoint();
    }

    private static void Require(int result, IPEndPoint endPoint)
    {
        if (result < 0)
        {
            throw Failure(endPoint);
        }
    }

    private static UdpBindException Failure(IPEndPoint endPoint)
    {
        var error = Marshal.GetLastPInvokeError();
        var cause = error switch
        {
            LibC.EADDRINUSE => SocketError.AddressAlreadyInUse,
            LibC.EAFNOSUPPORT => SocketError.AddressFamilyNotSupported,
            _ => SocketError.SocketError,
        };
        return new UdpBindException(endPoint, LibC.Describe(error), new SocketException((int)cause));
    }

    // A privileged process may go beyond net.core.rmem_max; for any other the kernel caps the size, which is no error.
    private static void SetBufferSize(int descriptor, int forced, int plain, int size)
    {
        if (SetOption(descriptor, LibC.SOL_SOCKET, forced, size) < 0)
        {
            _ = SetOption(descriptor, LibC.SOL_SOCKET, plain, size);
        }
    }

    private static int SetOption(int descriptor, int level, int option, int value) =>
        LibC.setsockopt(descriptor, level, option, &value, sizeof(int));

    private int SetOption(int level, int option, int value) => SetOption(_descriptor, level, option, value);
}
