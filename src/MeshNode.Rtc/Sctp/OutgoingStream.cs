namespace MeshNode.Rtc.Sctp;

/// <summary>One stream's messages that wait for their first transmission.</summary>
internal sealed class OutgoingStream(StreamId id)
{
    private OutgoingMessage? _head;
    private OutgoingMessage? _tail;
    private uint _nextOrderedMid;
    private uint _nextUnorderedMid;

    public StreamId Id { get; } = id;

    /// <summary>Share of the scheduler: RFC 8260 §3.6 weighted fair queueing.</summary>
    public int Weight { get; set; } = 256;

    /// <summary>Sends before every stream that is not (RFC 8260 §3.4, with two classes).</summary>
    public bool IsFirstClass { get; set; }

    /// <summary>Virtual time at which the next fragment begins, had every stream its share.</summary>
    public double VirtualStart { get; set; }

    /// <summary>Where the scheduler keeps it.</summary>
    public StreamPlace Place { get; set; }

    /// <summary>A reset is under way: nothing is sent until it is answered (RFC 6525 §5.1.2, step A4).</summary>
    public bool IsPaused { get; set; }

    /// <summary>Bytes of user data without a TSN.</summary>
    public long BufferedAmount { get; set; }

    public long BufferedAmountLowThreshold { get; set; }

    public OutgoingMessage? Head => _head;

    public bool IsEmpty => _head is null;

    public void Enqueue(OutgoingMessage message)
    {
        if (_tail is null)
        {
            _head = message;
        }
        else
        {
            _tail.Next = message;
        }

        _tail = message;
    }

    public void RemoveHead()
    {
        var head = _head!;
        _head = head.Next;
        head.Next = null;
        if (_head is null)
        {
            _tail = null;
        }
    }

    /// <summary>The number of the message that begins now. Ordered and unordered ones are counted apart (RFC 8260 §2.1).</summary>
    public uint TakeMid(bool isUnordered) => isUnordered ? _nextUnorderedMid++ : _nextOrderedMid++;

    /// <summary>The stream was reset: its numbers begin again (RFC 6525 §5.1.2; RFC 8260 §2.3.2).</summary>
    public void ResetNumbers() => (_nextOrderedMid, _nextUnorderedMid) = (0, 0);
}
