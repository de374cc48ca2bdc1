namespace MeshNode.Rtc.Sctp;

/// <summary>One stream's messages that wait for their first transmission.</summary>
internal sealed class OutgoingStream(StreamId id)
{
    private OutgoingMessage? _head;
    private OutgoingMessage? _tail;

    public StreamId Id { get; } = id;

    public Ssn NextSsn { get; set; }

    /// <summary>Share of the scheduler: RFC 8260 §3.6 weighted fair queueing.</summary>
    public int Weight { get; set; } = 256;

    /// <summary>Virtual time at which the head message would end, had every stream its share.</summary>
    public double VirtualFinish { get; set; }

    /// <summary>In the scheduler's heap.</summary>
    public bool IsScheduled { get; set; }

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
}
