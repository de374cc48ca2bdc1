using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary>
/// Messages of one socket that go to the kernel in one system call. Datagrams of the same path and size that lie behind
/// each other in memory become one message (UDP GSO), the last of which may be shorter.
/// </summary>
internal sealed unsafe class LinuxSendBatch : IDisposable
{
    /// <summary>Messages a call.</summary>
    private const int Capacity = 64;

    /// <summary>Bytes of a message: an IPv4 packet's 65,535 without headers, of which a tunnel may add some.</summary>
    private const int MaxMessageSize = 65_000;

    private readonly int _descriptor;
    private readonly bool _canSegment;
    private readonly UdpPortStatistics _statistics;
    private readonly PathSet _unsegmented = new(capacity: 1024);
    private readonly Item[] _items = new Item[Capacity];
    private readonly byte* _names;
    private readonly byte* _controls;
    private readonly IoVector* _vectors;
    private readonly MultipleMessageHeader* _messages;
    private readonly List<(TransportPath Path, int Size)> _tooBig = [];
    private int _first; // the first message that the kernel has not taken
    private int _count;

    public LinuxSendBatch(int descriptor, bool canSegment, UdpPortStatistics statistics)
    {
        _descriptor = descriptor;
        _canSegment = canSegment;
        _statistics = statistics;
        _names = (byte*)NativeMemory.AllocZeroed(Capacity, SocketAddressCodec.MaxLength);
        _controls = (byte*)NativeMemory.AllocZeroed(Capacity, ControlMessages.MaxLength);
        _vectors = (IoVector*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(IoVector));
        _messages = (MultipleMessageHeader*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(MultipleMessageHeader));
    }

    public bool IsEmpty => _count == 0;

    public bool IsFull => _count == Capacity;

    /// <summary>Datagrams that the first hop does not take; the reader clears it.</summary>
    public List<(TransportPath Path, int Size)> TooBig => _tooBig;

    /// <param name="transmit">One datagram, or several of one size.</param>
    /// <param name="data">Its bytes; they stay where they are until the batch is empty.</param>
    public void Add(in Transmit transmit, byte* data)
    {
        var segments = (transmit.Length + transmit.SegmentSize - 1) / transmit.SegmentSize;
        if (TryAppend(transmit, data, segments))
        {
            return;
        }

        _vectors[_count] = new IoVector { Base = data, Length = (nuint)transmit.Length };
        _items[_count] = new Item
        {
            Path = transmit.Path,
            SegmentSize = transmit.SegmentSize,
            Segments = segments,
            IsSingly = segments > 1 && (!_canSegment || _unsegmented.Contains(transmit.Path)),
        };
        _count++;
    }

    /// <returns>False when the kernel's queue is full and messages wait.</returns>
    public bool Flush()
    {
        for (var i = _first; i < _count; i++)
        {
            // A message that was refused in parts keeps its state; every other is written once, now that it is complete.
            WriteHeader(i);
        }

        while (_first < _count)
        {
            if (_items[_first].IsSingly ? !SendSingly() : !SendMany())
            {
                return false;
            }
        }

        _first = _count = 0;
        return true;
    }

    public void Dispose()
    {
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_messages);
    }

    private bool TryAppend(in Transmit transmit, byte* data, int segments)
    {
        if (_count == _first || !_canSegment)
        {
            return false;
        }

        ref var item = ref _items[_count - 1];
        ref var vector = ref _vectors[_count - 1];
        var isWhole = vector.Length % (nuint)item.SegmentSize == 0; // only the last datagram may be shorter
        if (!isWhole
            || item.IsSingly
            || vector.Base + vector.Length != data
            || (transmit.SegmentSize != item.SegmentSize && (segments > 1 || transmit.Length > item.SegmentSize))
            || item.Segments + segments > UdpLimits.MaxSegments
            || vector.Length + (nuint)transmit.Length > MaxMessageSize
            || item.Path != transmit.Path
            || _unsegmented.Contains(transmit.Path))
        {
            return false;
        }

        vector.Length += (nuint)transmit.Length;
        item.Segments += segments;
        return true;
    }

    private void WriteHeader(int index)
    {
        ref var item = ref _items[index];
        var name = _names + (index * SocketAddressCodec.MaxLength);
        var control = _controls + (index * ControlMessages.MaxLength);
        var segmentSize = item.Segments > 1 && !item.IsSingly ? item.SegmentSize : 0;
        var controlLength = ControlMessages.Write(item.Path, segmentSize, new Span<byte>(control, ControlMessages.MaxLength));
        _messages[index].Header = new MessageHeader
        {
            Name = name,
            NameLength = (uint)SocketAddressCodec.Write(
                item.Path.Remote, item.Path.InterfaceIndex, new Span<byte>(name, SocketAddressCodec.MaxLength)),
            Vectors = _vectors + index,
            VectorCount = 1,
            Control = controlLength == 0 ? null : control,
            ControlLength = (nuint)controlLength,
        };
    }

    /// <summary>Sends as many messages as the kernel takes at once.</summary>
    private bool SendMany()
    {
        var run = 1;
        while (_first + run < _count && !_items[_first + run].IsSingly)
        {
            run++;
        }

        var sent = LibC.sendmmsg(_descriptor, _messages + _first, (uint)run, LibC.MSG_DONTWAIT);
        if (sent > 0)
        {
            _statistics.SendCalls++;
            for (var i = 0; i < sent; i++)
            {
                CountSent(_items[_first + i].Segments);
            }

            _first += sent;
            return true;
        }

        return HandleError(Marshal.GetLastPInvokeError());
    }

    /// <summary>Sends the first message datagram by datagram, for a path that takes no segmented ones.</summary>
    private bool SendSingly()
    {
        ref var item = ref _items[_first];
        ref var vector = ref _vectors[_first];
        while (item.Segments > 0)
        {
            var remaining = vector.Length;
            vector.Length = Math.Min(remaining, (nuint)item.SegmentSize);
            var sent = LibC.sendmmsg(_descriptor, _messages + _first, 1, LibC.MSG_DONTWAIT);
            var error = sent > 0 ? 0 : Marshal.GetLastPInvokeError();
            if (error is LibC.EAGAIN or LibC.EINTR)
            {
                vector.Length = remaining;
                if (error == LibC.EAGAIN)
                {
                    return false;
                }

                continue;
            }

            _statistics.SendCalls++;
            _statistics.DatagramsSent += sent > 0 ? 1 : 0;
            _statistics.DatagramsRefused += sent > 0 ? 0 : 1;
            NoteTooBig(error, item, vector);
            vector.Base += vector.Length;
            vector.Length = remaining - vector.Length;
            item.Segments--;
        }

        _first++;
        return true;
    }

    private bool HandleError(int error)
    {
        ref var item = ref _items[_first];
        switch (error)
        {
            case LibC.EAGAIN:
                return false;
            case LibC.EINTR:
                return true;
            // EIO: the device cannot compute checksums of segments; EINVAL, EMSGSIZE: a segment is longer than the path's MTU.
            case LibC.EIO or LibC.EINVAL or LibC.EMSGSIZE when item.Segments > 1:
                if (_unsegmented.Add(item.Path))
                {
                    _statistics.PathsWithoutSegmentation++;
                }

                item.IsSingly = true;
                WriteHeader(_first);
                return true;
            default:
                NoteTooBig(error, item, _vectors[_first]);
                _statistics.DatagramsRefused += item.Segments;
                _first++;
                return true;
        }
    }

    private void NoteTooBig(int error, in Item item, in IoVector vector)
    {
        if (error == LibC.EMSGSIZE && _tooBig.Count < Capacity)
        {
            _tooBig.Add((item.Path, (int)vector.Length));
        }
    }

    private void CountSent(int segments)
    {
        _statistics.DatagramsSent += segments;
        _statistics.SegmentedSends += segments > 1 ? 1 : 0;
    }

    private struct Item
    {
        public TransportPath Path;
        public int SegmentSize;
        public int Segments; // datagrams that the kernel has not taken
        public bool IsSingly;
    }
}
