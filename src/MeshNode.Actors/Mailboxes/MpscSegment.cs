namespace MeshNode.Actors;

/// <summary>
/// One ring of an <see cref="MpscQueue"/>. A slot's sequence says whose turn it is: equal to a position, the producer of
/// that position may write; one more, the consumer may read; then it grows by the capacity for the next lap.
/// </summary>
internal sealed class MpscSegment
{
    /// <summary>Added to the tail when the segment is full for good: no position is then claimed again.</summary>
    private const long Frozen = 1L << 60;

    private struct Slot
    {
        public object? Message;
        public IActorRef? Sender;
        public long Sequence;
    }

    private readonly Slot[] _slots;
    private long _tail; // next position to claim
    private long _head; // next position to read; written by the consumer
    private MpscSegment? _next;

    public MpscSegment(int capacity)
    {
        _slots = new Slot[capacity];
        for (var index = 0; index < capacity; index++)
        {
            _slots[index].Sequence = index;
        }
    }

    public int Capacity => _slots.Length;

    public MpscSegment? Next => Volatile.Read(ref _next);

    public bool CanDequeue
    {
        get
        {
            var head = Volatile.Read(ref _head);
            return Volatile.Read(ref _slots[head & (_slots.Length - 1)].Sequence) == head + 1;
        }
    }

    /// <summary>Frozen, and everything that was claimed before has been read: the next segment's turn.</summary>
    public bool IsDrained => Next is not null && Volatile.Read(ref _tail) - Frozen == Volatile.Read(ref _head);

    public bool TryEnqueue(in Envelope envelope)
    {
        var slots = _slots;
        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            if (tail >= Frozen)
            {
                return false;
            }

            ref var slot = ref slots[tail & (slots.Length - 1)];
            var turn = Volatile.Read(ref slot.Sequence) - tail;
            if (turn < 0)
            {
                return false; // still holds a message of the lap before
            }

            if (turn == 0 && Interlocked.CompareExchange(ref _tail, tail + 1, tail) == tail)
            {
                slot.Message = envelope.Message;
                slot.Sender = envelope.Sender;
                Interlocked.Exchange(ref slot.Sequence, tail + 1);
                return true;
            }
        }
    }

    public bool TryDequeue(out Envelope envelope)
    {
        var head = _head;
        ref var slot = ref _slots[head & (_slots.Length - 1)];
        if (Volatile.Read(ref slot.Sequence) != head + 1)
        {
            envelope = default;
            return false;
        }

        envelope = new Envelope(slot.Message!, slot.Sender!);
        slot.Message = null;
        slot.Sender = null;
        Volatile.Write(ref slot.Sequence, head + _slots.Length);
        Volatile.Write(ref _head, head + 1);
        return true;
    }

    /// <summary>Closes this segment to producers and gives the one after it, which all callers agree on.</summary>
    public MpscSegment FreezeAndGrow(int capacity)
    {
        long tail;
        do
        {
            tail = Volatile.Read(ref _tail);
        }
        while (tail < Frozen && Interlocked.CompareExchange(ref _tail, tail + Frozen, tail) != tail);

        if (Next is { } next)
        {
            return next;
        }

        var fresh = new MpscSegment(capacity);
        return Interlocked.CompareExchange(ref _next, fresh, null) ?? fresh;
    }
}
