using System.Numerics;
using System.Runtime.InteropServices;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Makes messages of DATA chunks and puts ordered ones in order (RFC 9260 §6.5, §6.6, §6.9). Fragments of a message have
/// consecutive TSNs, so whatever arrives in sequence is appended to the one message in progress without being stored first.
/// What arrives ahead of a gap waits in a ring by TSN, and leaves it as soon as its message is whole and may be delivered.
/// </summary>
internal sealed class ReassemblyQueue(Tsn peerInitialTsn, SctpConfiguration configuration, Queue<SctpEvent> events)
{
    /// <summary>Charged for every waiting chunk or message besides its bytes, so that tiny ones cannot outgrow the window.</summary>
    private const int ChunkOverhead = 32;

    private const int InitialSlots = 64;

    private readonly Dictionary<ushort, Ssn> _nextSsn = [];
    private ReceivedChunk[] _slots = [];
    private Tsn _next = peerInitialTsn; // next TSN in sequence
    private Tsn _highestStored = peerInitialTsn.Previous;
    private int _storedCount;

    private byte[]? _partial; // the message in progress
    private int _partialLength;
    private StreamId _partialStreamId;
    private Ssn _partialSsn;
    private uint _partialPpid;
    private byte _partialFlags;
    private bool _isSkippingToBeginning; // a FORWARD TSN cut a message

    private Tsn? _resetBarrier; // ordered messages beyond it belong to a stream's next life

    /// <summary>Bytes that wait here or in the event queue, with overhead.</summary>
    public int BufferedBytes { get; private set; }

    /// <summary>Set when the far side broke the protocol; the association ends.</summary>
    public string? Violation { get; private set; }

    private uint Mask => (uint)(_slots.Length - 1);

    public bool HasRoom(int payloadLength) => BufferedBytes + payloadLength + ChunkOverhead <= configuration.ReceiveWindow;

    /// <summary>What a_rwnd says: bytes that would be taken now.</summary>
    public uint AdvertisedWindow => (uint)Math.Max(0, configuration.ReceiveWindow - BufferedBytes);

    /// <summary>The reader has taken a message out of the event queue.</summary>
    public void Release(int length) => BufferedBytes -= length + ChunkOverhead;

    /// <summary>Takes a chunk that is not a duplicate, within reach, and for which there is room.</summary>
    public void Add(in DataChunk chunk)
    {
        if (chunk.Tsn == _next)
        {
            AppendInSequence(chunk.Flags, chunk.StreamId, chunk.Ssn, chunk.Ppid, chunk.Payload, null);
            _next = _next.Next;
            DrainInSequence();
            DeliverOrderedFrom(_next); // beyond the next gap, what waited for an SSN that came now
            return;
        }

        DeliverAhead(Store(chunk));
    }

    /// <summary>
    /// Drops the highest waiting chunk to make room for the one that is due (RFC 9260 §6.2 "an endpoint … MAY drop").
    /// False when nothing waits that was not delivered.
    /// </summary>
    public bool TryRenege(out Tsn tsn)
    {
        for (tsn = _highestStored; _storedCount > 0 && tsn >= _next; tsn = tsn.Previous)
        {
            ref var slot = ref Slot(tsn);
            if (!slot.IsPresent)
            {
                continue;
            }

            if (slot.Buffer is null)
            {
                return false; // delivered: it must stay acknowledged
            }

            if (slot.RunStart != tsn)
            {
                Slot(slot.RunStart).RunEnd = tsn.Previous;
                Slot(tsn.Previous).RunStart = slot.RunStart;
            }

            DropSlot(ref slot);
            _highestStored = tsn.Previous;
            return true;
        }

        return false;
    }

    /// <summary>The cumulative point jumps (RFC 3758 §3.6): what was skipped is given up, what waited for it is delivered.</summary>
    public void Forward(Tsn newCumulative, in ForwardTsnChunk forwardTsn)
    {
        while (_next <= newCumulative)
        {
            if (_storedCount == 0)
            {
                DropPartial();
                _isSkippingToBeginning = true;
                _next = newCumulative.Next;
                break;
            }

            if (!TryAppendSlot())
            {
                DropPartial();
                _isSkippingToBeginning = true;
            }

            _next = _next.Next;
        }

        for (var i = 0; i < forwardTsn.SkippedCount; i++)
        {
            var (streamId, ssn) = forwardTsn.Skipped(i);
            ref var next = ref NextSsn(streamId);
            if (!(ssn < next))
            {
                next = ssn.Next;
            }
        }

        DrainInSequence();
        DeliverOrderedFrom(_next);
    }

    /// <summary>Until its deferred reset is done, nothing ordered beyond this TSN is delivered ahead of its turn.</summary>
    public void SetResetBarrier(Tsn? senderLastTsn)
    {
        _resetBarrier = senderLastTsn;
        DeliverOrderedFrom(_next);
    }

    /// <summary>The stream's next ordered message has SSN 0 (RFC 6525 §5.2.2, step E2).</summary>
    public void ResetStream(StreamId streamId) => _nextSsn.Remove(streamId.Value);

    public void ResetAllStreams() => _nextSsn.Clear();

    /// <summary>Gives all memory back; nothing may be added afterwards.</summary>
    public void Clear()
    {
        DropPartial();
        for (var i = 0; i < _slots.Length && _storedCount > 0; i++)
        {
            if (_slots[i].IsPresent)
            {
                DropSlot(ref _slots[i]);
            }
        }

        _slots = [];
    }

    private ref Ssn NextSsn(StreamId streamId) => ref CollectionsMarshal.GetValueRefOrAddDefault(_nextSsn, streamId.Value, out _);

    private ref ReceivedChunk Slot(Tsn tsn) => ref _slots[tsn.Value & Mask];

    private void DrainInSequence()
    {
        while (_storedCount > 0 && TryAppendSlot())
        {
            _next = _next.Next;
        }
    }

    /// <summary>Moves the slot at the next TSN, if it is present, into sequence; the caller advances.</summary>
    private bool TryAppendSlot()
    {
        ref var slot = ref Slot(_next);
        if (!slot.IsPresent)
        {
            return false;
        }

        if (slot.Buffer is { } buffer)
        {
            BufferedBytes -= slot.Length + ChunkOverhead;
            AppendInSequence(slot.Flags, slot.StreamId, slot.Ssn, slot.Ppid, buffer.AsSpan(0, slot.Length), buffer);
        }
        else
        {
            DropPartial(); // its message was delivered whole, so none can be in progress
        }

        slot = default;
        _storedCount--;
        return true;
    }

    /// <param name="owned">The pooled buffer that holds the payload and is given away; null when the payload is the packet's.</param>
    private void AppendInSequence(byte flags, StreamId streamId, Ssn ssn, uint ppid, ReadOnlySpan<byte> payload, byte[]? owned)
    {
        var isBeginning = (flags & DataChunk.BeginningFlag) != 0;
        var isEnd = (flags & DataChunk.EndFlag) != 0;
        if (isBeginning && _partial is not null)
        {
            Violate("a message began within another");
        }
        else if (isBeginning && isEnd)
        {
            var buffer = owned ?? Copy(payload);
            owned = null;
            _isSkippingToBeginning = false;
            Deliver(streamId, ssn, flags, ppid, buffer, payload.Length);
        }
        else if (isBeginning)
        {
            _isSkippingToBeginning = false;
            (_partialStreamId, _partialSsn, _partialPpid, _partialFlags) = (streamId, ssn, ppid, flags);
            BufferedBytes += ChunkOverhead;
            _partial = BufferPool.Rent(Math.Min(configuration.MaxMessageSize, Math.Max(16384, payload.Length)));
            Append(payload);
        }
        else if (_partial is null)
        {
            if (!_isSkippingToBeginning)
            {
                Violate("a fragment followed no beginning");
            }
        }
        else if (streamId != _partialStreamId || ((flags ^ _partialFlags) & DataChunk.UnorderedFlag) != 0
            || (ssn != _partialSsn && (flags & DataChunk.UnorderedFlag) == 0))
        {
            Violate("a fragment of another message came before the end");
        }
        else
        {
            Append(payload);
            if (isEnd && _partial is { } message)
            {
                _partial = null;
                BufferedBytes -= _partialLength + ChunkOverhead;
                Deliver(_partialStreamId, _partialSsn, _partialFlags, _partialPpid, message, _partialLength);
                _partialLength = 0;
            }
        }

        if (owned is not null)
        {
            BufferPool.Return(owned);
        }
    }

    private void Append(ReadOnlySpan<byte> payload)
    {
        var length = _partialLength + payload.Length;
        if (length > configuration.MaxMessageSize)
        {
            Violate("a message exceeds max-message-size");
            return;
        }

        if (length > _partial!.Length)
        {
            var bigger = BufferPool.Rent((int)Math.Min(configuration.MaxMessageSize, Math.Max(length, _partial.Length * 4L)));
            _partial.AsSpan(0, _partialLength).CopyTo(bigger);
            BufferPool.Return(_partial);
            _partial = bigger;
        }

        payload.CopyTo(_partial.AsSpan(_partialLength));
        BufferedBytes += payload.Length;
        _partialLength = length;
    }

    private void Deliver(StreamId streamId, Ssn ssn, byte flags, uint ppid, byte[] buffer, int length)
    {
        if (length > configuration.MaxMessageSize)
        {
            Violate("a message exceeds max-message-size");
            BufferPool.Return(buffer);
            return;
        }

        if ((flags & DataChunk.UnorderedFlag) == 0)
        {
            ref var next = ref NextSsn(streamId);
            if (ssn < next)
            {
                BufferPool.Return(buffer); // given up by a FORWARD TSN before it was whole
                return;
            }

            next = ssn.Next;
        }

        BufferedBytes += length + ChunkOverhead;
        events.Enqueue(new SctpEvent(SctpEventKind.Message, streamId, ppid, buffer, length));
    }

    /// <summary>Returns the start of the chunk's run.</summary>
    private Tsn Store(in DataChunk chunk)
    {
        EnsureSlots(chunk.Tsn);
        ref var slot = ref Slot(chunk.Tsn);
        slot.Buffer = Copy(chunk.Payload);
        slot.Length = chunk.Payload.Length;
        slot.IsPresent = true;
        slot.Flags = chunk.Flags;
        slot.StreamId = chunk.StreamId;
        slot.Ssn = chunk.Ssn;
        slot.Ppid = chunk.Ppid;
        slot.RunStart = chunk.Tsn;
        slot.RunEnd = chunk.Tsn;
        BufferedBytes += slot.Length + ChunkOverhead;
        _storedCount++;
        if (chunk.Tsn > _highestStored)
        {
            _highestStored = chunk.Tsn;
        }

        return JoinRuns(chunk.Tsn, ref slot);
    }

    private Tsn JoinRuns(Tsn tsn, ref ReceivedChunk slot)
    {
        var (start, end) = (tsn, tsn);
        if (tsn > _next && Slot(tsn.Previous) is { IsPresent: true, Buffer: not null } left && IsContinuation(left, slot))
        {
            start = left.RunStart;
        }

        if (tsn < _highestStored && Slot(tsn.Next) is { IsPresent: true, Buffer: not null } right && IsContinuation(slot, right))
        {
            end = right.RunEnd;
        }

        Slot(start).RunEnd = end;
        Slot(end).RunStart = start;
        return start;
    }

    private static bool IsContinuation(in ReceivedChunk left, in ReceivedChunk right) =>
        (left.Flags & DataChunk.EndFlag) == 0 && (right.Flags & DataChunk.BeginningFlag) == 0
        && left.StreamId == right.StreamId && left.Ssn == right.Ssn
        && ((left.Flags ^ right.Flags) & DataChunk.UnorderedFlag) == 0;

    /// <summary>Delivers the message of a run, if it is whole and its turn has come; no stream waits for another's gap.</summary>
    private void DeliverAhead(Tsn start)
    {
        ref var first = ref Slot(start);
        if (!IsWhole(first, start))
        {
            return;
        }

        if ((first.Flags & DataChunk.UnorderedFlag) != 0)
        {
            DeliverRun(start);
        }
        else if (first.Ssn == NextSsn(first.StreamId))
        {
            DeliverOrderedFrom(start);
        }
    }

    private bool IsWhole(in ReceivedChunk first, Tsn start) =>
        first.IsPresent && first.Buffer is not null && (first.Flags & DataChunk.BeginningFlag) != 0 && first.RunEnd >= start
        && (Slot(first.RunEnd).Flags & DataChunk.EndFlag) != 0;

    private bool IsBeyondBarrier(Tsn tsn) => _resetBarrier is { } barrier && tsn > barrier;

    /// <summary>
    /// Delivers the ordered messages whose turn has come. On each stream TSNs ascend with SSNs, so one pass finds all.
    /// </summary>
    private void DeliverOrderedFrom(Tsn tsn)
    {
        while (_storedCount > 0 && tsn <= _highestStored && !IsBeyondBarrier(tsn))
        {
            ref var slot = ref Slot(tsn);
            var isTurn = (slot.Flags & DataChunk.UnorderedFlag) == 0 && IsWhole(slot, tsn) && slot.Ssn == NextSsn(slot.StreamId);
            if (!isTurn)
            {
                tsn = tsn.Next;
                continue;
            }

            var end = slot.RunEnd;
            DeliverRun(tsn);
            tsn = end.Next;
        }
    }

    private void DeliverRun(Tsn start)
    {
        var first = Slot(start);
        var end = first.RunEnd;
        if (start == end)
        {
            Slot(start).Buffer = null;
            BufferedBytes -= first.Length + ChunkOverhead;
            Deliver(first.StreamId, first.Ssn, first.Flags, first.Ppid, first.Buffer!, first.Length);
            return;
        }

        var length = 0;
        for (var tsn = start; tsn <= end; tsn = tsn.Next)
        {
            length += Slot(tsn).Length;
        }

        var message = BufferPool.Rent(length);
        var at = 0;
        for (var tsn = start; tsn <= end; tsn = tsn.Next)
        {
            ref var slot = ref Slot(tsn);
            slot.Buffer.AsSpan(0, slot.Length).CopyTo(message.AsSpan(at));
            at += slot.Length;
            BufferedBytes -= slot.Length + ChunkOverhead;
            BufferPool.Return(slot.Buffer!);
            slot.Buffer = null;
        }

        Deliver(first.StreamId, first.Ssn, first.Flags, first.Ppid, message, length);
    }

    private void DropSlot(ref ReceivedChunk slot)
    {
        if (slot.Buffer is { } buffer)
        {
            BufferedBytes -= slot.Length + ChunkOverhead;
            BufferPool.Return(buffer);
        }

        slot = default;
        _storedCount--;
    }

    private void DropPartial()
    {
        if (_partial is { } partial)
        {
            BufferedBytes -= _partialLength + ChunkOverhead;
            _partial = null;
            _partialLength = 0;
            BufferPool.Return(partial);
        }
    }

    private void Violate(string text)
    {
        Violation ??= text;
        DropPartial();
    }

    private void EnsureSlots(Tsn tsn)
    {
        var ahead = tsn - _next + 1;
        if (ahead < _slots.Length)
        {
            return;
        }

        var bigger = new ReceivedChunk[Math.Max(InitialSlots, BitOperations.RoundUpToPowerOf2((uint)ahead + 1))];
        if (_storedCount > 0)
        {
            for (var known = _next; known <= _highestStored; known = known.Next)
            {
                bigger[known.Value & (uint)(bigger.Length - 1)] = Slot(known);
            }
        }

        _slots = bigger;
    }

    private static byte[] Copy(ReadOnlySpan<byte> payload)
    {
        var buffer = BufferPool.Rent(payload.Length);
        payload.CopyTo(buffer);
        return buffer;
    }
}
