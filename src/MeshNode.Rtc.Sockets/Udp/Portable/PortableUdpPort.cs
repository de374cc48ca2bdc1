using System.Net;
using System.Net.Sockets;
using MeshNode.Rtc.Sockets.Candidates;

namespace MeshNode.Rtc.Sockets.Udp.Portable;

/// <summary>
/// .NET sockets alone, one datagram a call. They cannot say which address a datagram leaves from; so a wildcard becomes
/// one socket for each address that the machine has when the port is opened.
/// </summary>
internal sealed class PortableUdpPort : IUdpPort
{
    /// <summary>Datagrams a socket and turn.</summary>
    private const int MaxBatch = 64;

    private readonly PortableUdpSocket[] _sockets;
    private readonly Socket _wake; // connected to itself: what it sends ends the wait
    private readonly List<Socket> _readable;
    private readonly byte[] _incoming = new byte[UdpLimits.MaxDatagram];
    private readonly byte[] _outgoing = new byte[UdpLimits.MaxDatagram];

    private PortableUdpPort(PortableUdpSocket[] sockets)
    {
        _sockets = sockets;
        _readable = new List<Socket>(sockets.Length + 1);
        LocalEndPoints = [.. sockets.Select(socket => socket.LocalEndPoint)];
        _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _wake.Connect(_wake.LocalEndPoint!);
        _wake.Blocking = false;
    }

    public IReadOnlyList<IPEndPoint> LocalEndPoints { get; }

    public UdpPortStatistics Statistics { get; } = new();

    public bool CanSend => true;

    /// <summary>.NET cannot forbid fragmentation over IPv6: nothing above what every IPv6 path takes is tried.</summary>
    public int MaxDatagramSize => 1280;

    /// <exception cref="UdpBindException">An address cannot be bound.</exception>
    public static PortableUdpPort Open(RtcEventLoopOptions options)
    {
        var endPoints = options.Bind.SelectMany(WithoutWildcard).Distinct().ToArray();
        var sockets = UdpBinding.Open(endPoints, endPoint => PortableUdpSocket.Open(endPoint, options), socket => socket.LocalEndPoint);
        try
        {
            return new PortableUdpPort(sockets);
        }
        catch
        {
            Array.ForEach(sockets, socket => socket.Dispose());
            throw;
        }
    }

    public int Receive(IDatagramReceiver receiver)
    {
        var datagrams = 0;
        foreach (var socket in _sockets)
        {
            for (var i = 0; i < MaxBatch && socket.TryReceive(_incoming, out var length, out var remote); i++)
            {
                Statistics.ReceiveCalls++;
                Statistics.DatagramsReceived++;
                datagrams++;
                receiver.HandleDatagram(new TransportPath(socket.LocalAddress, remote), _incoming.AsSpan(0, length));
            }
        }

        return datagrams;
    }

    public Span<byte> GetSendBuffer() => _outgoing;

    public void Send(in Transmit transmit)
    {
        var local = transmit.Path.Local;
        var socket = Array.Find(_sockets, candidate => candidate.LocalAddress == local)
            ?? Array.Find(_sockets, candidate => local.IsWildcard && candidate.LocalAddress.Family == local.Family);
        for (var data = _outgoing.AsSpan(0, transmit.Length); !data.IsEmpty;)
        {
            var datagram = data[..Math.Min(transmit.SegmentSize, data.Length)];
            data = data[datagram.Length..];
            Statistics.SendCalls++;
            if (socket?.TrySend(datagram, transmit.Path) == true)
            {
                Statistics.DatagramsSent++;
            }
            else
            {
                Statistics.DatagramsRefused++;
            }
        }
    }

    public void Flush()
    {
        // Everything was sent at once.
    }

    public bool TryTakeTooBig(out TransportPath path, out int size)
    {
        (path, size) = (default, 0); // no probe here is larger than a first hop takes
        return false;
    }

    public bool Wait(TimeSpan? timeout)
    {
        _readable.Clear();
        _readable.Add(_wake);
        foreach (var socket in _sockets)
        {
            _readable.Add(socket.Socket);
        }

        // Microseconds, -1 for ever. Rounded up: a turn before the deadline would only look at it.
        var limit = timeout is { } finite
            ? (int)Math.Clamp((finite.Ticks + 9) / TimeSpan.TicksPerMicrosecond, 0, int.MaxValue)
            : -1;
        Socket.Select(_readable, null, null, limit);
        var happened = _readable.Count > 0;
        Span<byte> signal = stackalloc byte[1];
        while (_wake.Available > 0)
        {
            _wake.Receive(signal);
        }

        return happened;
    }

    public void Wake()
    {
        try
        {
            _wake.Send([0]);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Full: the wait ends anyway. Disposed: nobody waits any more.
        }
    }

    public void Dispose()
    {
        _wake.Dispose();
        Array.ForEach(_sockets, socket => socket.Dispose());
    }

    private static IEnumerable<IPEndPoint> WithoutWildcard(IPEndPoint endPoint) =>
        endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any)
            ? HostAddresses.Enumerate()
                .Where(host => host.Address.AddressFamily == endPoint.AddressFamily)
                .Select(host => new IPEndPoint(host.Address, endPoint.Port))
            : [endPoint];
}
