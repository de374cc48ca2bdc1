using System.Numerics;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>The chunks that wait behind a gap, by TSN, and the runs of fragments that they form.</summary>
internal sealed class ReceivedRing(Tsn initialTsn)
{
    private const int InitialSlots = 64;

    private ReceivedChunk[] _slots = [];

    /// <summary>The next TSN in sequence; slots are at it or beyond it.</summary>
    public Tsn Next { get; private set; } = initialTsn;

    /// <summary>The highest TSN that may be present.</summary>
    public Tsn Highest { get; set; } = initialTsn.Previous;

    /// <summary>Slots present.</summary>
    public int Count { get; private set; }

    public ref ReceivedChunk this[Tsn tsn] => ref _slots[tsn.Value & (uint)(_slots.Length - 1)];

    /// <summary>Stores a copy of a chunk beyond Next, joins it with its neighbours and returns the start of its run.</summary>
    public Tsn Store(in DataChunk chunk)
    {
        EnsureReach(chunk.Tsn);
        ref var slot = ref this[chunk.Tsn];
        slot.Buffer = BufferPool.Rent(chunk.Payload.Length);
        chunk.Payload.CopyTo(slot.Buffer);
        slot.Length = chunk.Payload.Length;
        slot.IsPresent = true;
        slot.Flags = chunk.Flags;
        slot.StreamId = chunk.StreamId;
        slot.Ssn = chunk.Ssn;
        slot.Ppid = chunk.Ppid;
        Count++;
        if (chunk.Tsn > Highest)
        {
            Highest = chunk.Tsn;
        }

        return Join(chunk.Tsn, ref slot);
    }

    /// <summary>Empties a slot, whose buffer is the caller's.</summary>
    public void Remove(Tsn tsn)
    {
        this[tsn] = default;
        Count--;
    }

    /// <summary>Takes the last chunk off its run, before it is removed.</summary>
    public void DetachLast(Tsn tsn)
    {
        var start = this[tsn].RunStart;
        if (start != tsn)
        {
            this[start].RunEnd = tsn.Previous;
            this[tsn.Previous].RunStart = start;
        }
    }

    /// <summary>The run that starts here is a whole message that was not delivered.</summary>
    public bool IsWhole(Tsn start)
    {
        ref var first = ref this[start];
        return first.IsPresent && first.Buffer is not null && (first.Flags & DataChunk.BeginningFlag) != 0 && first.RunEnd >= start
            && (this[first.RunEnd].Flags & DataChunk.EndFlag) != 0;
    }

    public void Advance() => Next = Next.Next;

    /// <summary>Moves Next without slots in between.</summary>
    public void JumpTo(Tsn next) => Next = next;

    /// <summary>Gives the slots back, if none is present.</summary>
    public void Trim()
    {
        if (Count == 0)
        {
            _slots = [];
        }
    }

    private Tsn Join(Tsn tsn, ref ReceivedChunk slot)
    {
        var (start, end) = (tsn, tsn);
        if (tsn > Next && this[tsn.Previous] is { IsPresent: true, Buffer: not null } left && IsContinuation(left, slot))
        {
            start = left.RunStart;
        }

        if (tsn < Highest && this[tsn.Next] is { IsPresent: true, Buffer: not null } right && IsContinuation(slot, right))
        {
            end = right.RunEnd;
        }

        slot.RunStart = start;
        slot.RunEnd = end;
        this[start].RunEnd = end;
        this[end].RunStart = start;
        return start;
    }

    private static bool IsContinuation(in ReceivedChunk left, in ReceivedChunk right) =>
        (left.Flags & DataChunk.EndFlag) == 0 && (right.Flags & DataChunk.BeginningFlag) == 0
        && left.StreamId == right.StreamId && left.Ssn == right.Ssn
        && ((left.Flags ^ right.Flags) & DataChunk.UnorderedFlag) == 0;

    private void EnsureReach(Tsn tsn)
    {
        var ahead = tsn - Next + 1;
        if (ahead < _slots.Length)
        {
            return;
        }

        var bigger = new ReceivedChunk[Math.Max(InitialSlots, BitOperations.RoundUpToPowerOf2((uint)ahead + 1))];
        if (Count > 0)
        {
            for (var known = Next; known <= Highest; known = known.Next)
            {
                bigger[known.Value & (uint)(bigger.Length - 1)] = this[known];
            }
        }

        _slots = bigger;
    }
}
