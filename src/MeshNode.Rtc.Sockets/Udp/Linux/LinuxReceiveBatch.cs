using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary>Receives up to <see cref="Capacity"/> messages in one system call and takes coalesced ones apart.</summary>
internal sealed unsafe class LinuxReceiveBatch : IDisposable
{
    /// <summary>Messages a call. With UDP GRO each may hold 64 datagrams, so that a full batch is a few milliseconds of work.</summary>
    private const int Capacity = 16;

    /// <summary>Bytes a message: what UDP GRO can put together. The kernel gives pages only to what is used.</summary>
    private const int BufferSize = 65_536;

    private readonly int _descriptor;
    private readonly ushort _port;
    private readonly UdpPortStatistics _statistics;
    private readonly byte* _buffers;
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly IoVector* _vectors;
    private readonly MultipleMessageHeader* _messages;

    public LinuxReceiveBatch(int descriptor, ushort port, UdpPortStatistics statistics)
    {
        _descriptor = descriptor;
        _port = port;
        _statistics = statistics;
        _buffers = (byte*)NativeMemory.Alloc(Capacity, BufferSize);
        _names = (byte*)NativeMemory.AllocZeroed(Capacity, SocketAddressCodec.MaxLength);
        _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlMessages.MaxLength);
        _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
        _messages = (MultipleMessageHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MultipleMessageHeader));
        for (var i = 0; i < Capacity; i++)
        {
            _vectors[i] = new IoVector { Base = _buffers + ((nint)i * BufferSize), Length = BufferSize };
            _messages[i].Header = new MessageHeader
            {
                Name = _names + (i * SocketAddressCodec.MaxLength),
                Vectors = _vectors + i,
                VectorCount = 1,
                Control = _controls + (i * ControlMessages.MaxLength),
            };
            Rearm(i);
        }
    }

    /// <returns>Datagrams handed over; 0 when nothing is there.</returns>
    public int Receive(IDatagramReceiver receiver)
    {
        var count = LibC.recvmmsg(_descriptor, _messages, Capacity, LibC.MSG_DONTWAIT, null);
        if (count <= 0)
        {
            return 0; // EAGAIN, EINTR, or an ICMP error of an earlier datagram that now is read and gone
        }

        _statistics.ReceiveCalls++;
        var datagrams = 0;
        for (var i = 0; i < count; i++)
        {
            datagrams += HandOver(i, receiver);
            Rearm(i);
        }

        _statistics.DatagramsReceived += datagrams;
        return datagrams;
    }

    public void Dispose()
    {
        NativeMemory.Free(_buffers);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }

    private int HandOver(int index, IDatagramReceiver receiver)
    {
        ref var message = ref _messages[index];
        if ((message.Header.Flags & LibC.MSG_TRUNC) != 0 || message.Header.NameLength == 0)
        {
            return 0;
        }

        var control = new ReadOnlySpan<byte>(message.Header.Control, (int)message.Header.ControlLength);
        ControlMessages.Read(control, _port, out var local, out var interfaceIndex, out var segmentSize);
        var remote = SocketAddressCodec.Read(new ReadOnlySpan<byte>(message.Header.Name, SocketAddressCodec.MaxLength));
        var path = new TransportPath(local, remote, interfaceIndex);
        var data = new ReadOnlySpan<byte>(_vectors[index].Base, (int)message.Length);
        if (segmentSize <= 0 || segmentSize >= data.Length)
        {
            receiver.HandleDatagram(path, data);
            return 1;
        }

        _statistics.CoalescedReceives++;
        var datagrams = 0;
        while (!data.IsEmpty)
        {
            var length = Math.Min(segmentSize, data.Length);
            receiver.HandleDatagram(path, data[..length]);
            data = data[length..];
            datagrams++;
        }

        return datagrams;
    }

    // The kernel has written the real lengths over the capacities.
    private void Rearm(int index)
    {
        ref var header = ref _messages[index].Header;
        header.NameLength = SocketAddressCodec.MaxLength;
        header.ControlLength = ControlMessages.MaxLength;
        header.Flags = 0;
    }
}
