namespace MeshNode.Rtc.Sctp;

/// <summary>The outstanding chunks by TSN, from the cumulative TSN ack point to the last TSN assigned.</summary>
internal sealed class OutstandingRing(Tsn initialTsn)
{
    private const int InitialSlots = 64;

    private OutstandingChunk[] _slots = new OutstandingChunk[InitialSlots];

    /// <summary>Cumulative TSN ack point.</summary>
    public Tsn CumulativeTsnAck { get; private set; } = initialTsn.Previous;

    public Tsn NextTsn { get; private set; } = initialTsn;

    public int Count => NextTsn - CumulativeTsnAck - 1;

    /// <summary>The chunk with a TSN in (CumulativeTsnAck, NextTsn).</summary>
    public ref OutstandingChunk this[Tsn tsn] => ref _slots[tsn.Value & (uint)(_slots.Length - 1)];

    /// <summary>A chunk with the next TSN. References to other chunks are invalid afterwards.</summary>
    public ref OutstandingChunk Append(OutgoingMessage message, int offset, int length, out Tsn tsn)
    {
        if (Count + 1 >= _slots.Length)
        {
            Grow();
        }

        tsn = NextTsn;
        NextTsn = tsn.Next;
        ref var chunk = ref this[tsn];
        chunk = default;
        chunk.Message = message;
        chunk.Offset = offset;
        chunk.Length = length;
        message.OutstandingFragments++;
        return ref chunk;
    }

    /// <summary>Forgets the first chunk, which is acknowledged; gives its message back when it was the last of it.</summary>
    public void RemoveFirst()
    {
        var tsn = CumulativeTsnAck.Next;
        var message = this[tsn].Message;
        this[tsn] = default;
        CumulativeTsnAck = tsn;
        if (--message.OutstandingFragments == 0 && message.IsFullyFragmented)
        {
            message.Return();
        }
    }

    private void Grow()
    {
        var bigger = new OutstandingChunk[_slots.Length * 2];
        var mask = (uint)(bigger.Length - 1);
        for (var tsn = CumulativeTsnAck.Next; tsn < NextTsn; tsn = tsn.Next)
        {
            bigger[tsn.Value & mask] = this[tsn];
        }

        _slots = bigger;
    }
}
