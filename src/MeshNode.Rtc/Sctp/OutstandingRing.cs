namespace MeshNode.Rtc.Sctp;

/// <summary>
/// The outstanding chunks by TSN, from the cumulative TSN ack point to the last TSN assigned; those in flight also form a list in
/// the order in which they left.
/// </summary>
internal sealed class OutstandingRing(Tsn initialTsn)
{
    private const int InitialSlots = 16;

    private OutstandingChunk[] _slots = new OutstandingChunk[InitialSlots];
    private Tsn _firstSent;
    private Tsn _lastSent;

    /// <summary>Cumulative TSN ack point.</summary>
    public Tsn CumulativeTsnAck { get; private set; } = initialTsn.Previous;

    public Tsn NextTsn { get; private set; } = initialTsn;

    public int Count => NextTsn - CumulativeTsnAck - 1;

    /// <summary>Chunks in flight.</summary>
    public int InFlightCount { get; private set; }

    /// <summary>Of those in flight the one that left first; there is one.</summary>
    public Tsn FirstSent => _firstSent;

    /// <summary>Of those in flight the one that left last; there is one.</summary>
    public Tsn LastSent => _lastSent;

    /// <summary>The chunk with a TSN in (CumulativeTsnAck, NextTsn).</summary>
    public ref OutstandingChunk this[Tsn tsn] => ref _slots[tsn.Value & (uint)(_slots.Length - 1)];

    /// <summary>A chunk with the next TSN. References to other chunks are invalid afterwards.</summary>
    public ref OutstandingChunk Append(OutgoingMessage message, int offset, int length, out Tsn tsn)
    {
        if (Count + 1 >= _slots.Length)
        {
            Resize(_slots.Length * 2);
        }

        tsn = NextTsn;
        NextTsn = tsn.Next;
        ref var chunk = ref this[tsn];
        chunk = default;
        chunk.Message = message;
        chunk.Offset = offset;
        chunk.Length = (ushort)length;
        message.OutstandingFragments++;
        return ref chunk;
    }

    /// <summary>Forgets the first chunk, which is acknowledged; gives its message back when it was the last of it.</summary>
    public void RemoveFirst()
    {
        var tsn = CumulativeTsnAck.Next;
        ref var slot = ref this[tsn].Message;
        var message = slot;
        slot = null!;
        CumulativeTsnAck = tsn;
        if (--message.OutstandingFragments == 0 && message.IsFullyFragmented)
        {
            message.Return();
        }
    }

    /// <summary>The chunk leaves now: it is the last of those in flight.</summary>
    public void NoteSent(Tsn tsn, ref OutstandingChunk chunk)
    {
        if (InFlightCount++ == 0)
        {
            _firstSent = tsn;
        }
        else
        {
            this[_lastSent].SentAfter = tsn;
            chunk.SentBefore = _lastSent;
        }

        _lastSent = tsn;
    }

    /// <summary>The chunk is in flight no more.</summary>
    public void NoteSettled(Tsn tsn, ref OutstandingChunk chunk)
    {
        if (--InFlightCount == 0)
        {
            return;
        }

        if (tsn == _firstSent)
        {
            _firstSent = chunk.SentAfter;
        }
        else if (tsn == _lastSent)
        {
            _lastSent = chunk.SentBefore;
        }
        else
        {
            this[chunk.SentBefore].SentAfter = chunk.SentAfter;
            this[chunk.SentAfter].SentBefore = chunk.SentBefore;
        }
    }

    /// <summary>Gives back what a burst of loss or a large window needed, once nothing is outstanding.</summary>
    public void Trim()
    {
        if (Count == 0 && _slots.Length > InitialSlots)
        {
            _slots = new OutstandingChunk[InitialSlots];
        }
    }

    private void Resize(int size)
    {
        var resized = new OutstandingChunk[size];
        var mask = (uint)(resized.Length - 1);
        for (var tsn = CumulativeTsnAck.Next; tsn < NextTsn; tsn = tsn.Next)
        {
            resized[tsn.Value & mask] = this[tsn];
        }

        _slots = resized;
    }
}
