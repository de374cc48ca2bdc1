using System.Net;
using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary>recvmmsg, sendmmsg, UDP GSO and GRO, ppoll and an eventfd.</summary>
internal sealed unsafe class LinuxUdpPort : IUdpPort
{
    /// <summary>Bytes between two flushes: four full messages of UDP GSO, and still within a core's cache.</summary>
    private const int ArenaSize = 256 * 1024;

    private readonly LinuxUdpSocket[] _sockets;
    private readonly WakeDescriptor _wake;
    private readonly PollDescriptor* _polled; // the wake descriptor, then the sockets
    private readonly byte* _arena;
    private int _used; // bytes of the arena that wait for the kernel
    private bool _hasWaited; // the last wait's answer says which sockets have something
    private bool _disposed;

    private LinuxUdpPort(LinuxUdpSocket[] sockets, UdpPortStatistics statistics)
    {
        _wake = new WakeDescriptor();
        _sockets = sockets;
        Statistics = statistics;
        LocalEndPoints = [.. sockets.Select(socket => socket.LocalEndPoint)];
        _arena = (byte*)NativeMemory.Alloc(ArenaSize);
        _polled = (PollDescriptor*)NativeMemory.AllocZeroed((nuint)sockets.Length + 1, (nuint)sizeof(PollDescriptor));
        _polled[0] = new PollDescriptor { Descriptor = _wake.Descriptor, Events = LibC.POLLIN };
        for (var i = 0; i < sockets.Length; i++)
        {
            _polled[i + 1] = new PollDescriptor { Descriptor = sockets[i].Descriptor, Events = LibC.POLLIN };
        }
    }

    public IReadOnlyList<IPEndPoint> LocalEndPoints { get; }

    public UdpPortStatistics Statistics { get; }

    public int MaxDatagramSize => UdpLimits.MinSendBuffer;

    public bool CanSend { get; private set; } = true;

    /// <exception cref="UdpBindException">An address cannot be bound.</exception>
    public static LinuxUdpPort Open(RtcEventLoopOptions options)
    {
        var statistics = new UdpPortStatistics();
        var sockets = UdpBinding.Open(options.Bind, endPoint => LinuxUdpSocket.Open(endPoint, options, statistics), socket => socket.LocalEndPoint);
        try
        {
            return new LinuxUdpPort(sockets, statistics);
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
        for (var i = 0; i < _sockets.Length; i++)
        {
            // POLLERR too: reading takes a pending error away, which would end every wait.
            if (!_hasWaited || (_polled[i + 1].Returned & ~LibC.POLLOUT) != 0)
            {
                datagrams += _sockets[i].Incoming.Receive(receiver);
            }
        }

        _hasWaited = false;
        return datagrams;
    }

    public Span<byte> GetSendBuffer() => new(_arena + _used, ArenaSize - _used);

    public void Send(in Transmit transmit)
    {
        if (SelectSocket(transmit.Path.Local) is not { } socket)
        {
            Statistics.DatagramsRefused++;
            return;
        }

        socket.Outgoing.Add(transmit, _arena + _used);
        _used += transmit.Length;
        if (socket.Outgoing.IsFull || ArenaSize - _used < UdpLimits.MinSendBuffer)
        {
            Flush();
        }
    }

    public void Flush()
    {
        if (_used == 0)
        {
            return;
        }

        CanSend = true;
        for (var i = 0; i < _sockets.Length; i++)
        {
            var isDone = _sockets[i].Outgoing.IsEmpty || _sockets[i].Outgoing.Flush();
            _polled[i + 1].Events = isDone ? LibC.POLLIN : (short)(LibC.POLLIN | LibC.POLLOUT);
            CanSend &= isDone;
        }

        if (CanSend)
        {
            _used = 0;
        }
    }

    public bool TryTakeTooBig(out TransportPath path, out int size)
    {
        foreach (var socket in _sockets)
        {
            if (socket.Outgoing.TooBig is { Count: > 0 } tooBig)
            {
                (path, size) = tooBig[^1];
                tooBig.RemoveAt(tooBig.Count - 1);
                return true;
            }
        }

        (path, size) = (default, 0);
        return false;
    }

    public bool Wait(TimeSpan? timeout)
    {
        var specification = TimeSpecification.From(timeout is { } limit && limit > TimeSpan.Zero ? limit : TimeSpan.Zero);
        var ready = LibC.ppoll(_polled, (nuint)_sockets.Length + 1, timeout is null ? null : &specification, null);
        _hasWaited = ready >= 0; // interrupted: the answer was not written
        if (ready > 0 && _polled[0].Returned != 0)
        {
            _wake.Reset();
        }

        return ready > 0;
    }

    public void Wake() => _wake.Signal();

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _wake.Dispose();
            Array.ForEach(_sockets, socket => socket.Dispose());
            NativeMemory.Free(_arena);
            NativeMemory.Free(_polled);
        }
    }

    /// <summary>The socket that is bound to the address, else the wildcard one of its family.</summary>
    private LinuxUdpSocket? SelectSocket(in TransportAddress local)
    {
        LinuxUdpSocket? wildcard = null;
        foreach (var socket in _sockets)
        {
            if (socket.LocalAddress.Family == local.Family)
            {
                if (socket.LocalAddress == local)
                {
                    return socket;
                }

                if (socket.LocalAddress.IsWildcard || local.IsWildcard)
                {
                    wildcard = socket;
                }
            }
        }

        return wildcard;
    }
}
