using System.Runtime.InteropServices;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Makes messages of DATA chunks (not I-DATA) and puts ordered ones in order (RFC 9260 §6.5, §6.6, §6.9). Fragments of a message have
/// consecutive TSNs, so whatever arrives in sequence is appended to the one message in progress without being stored first.
/// What arrives ahead of a gap waits in a ring by TSN, and leaves it as soon as its message is whole and may be delivered.
/// </summary>
internal sealed class ReassemblyQueue(Tsn peerInitialTsn, SctpConfiguration configuration, ReceiveWindow window, Queue<SctpEvent> events) : IReassemblyQueue
{
    private readonly Dictionary<ushort, Ssn> _nextSsn = [];
    private readonly ReceivedRing _ring = new(peerInitialTsn);

    private byte[]? _partial; // the message in progress
    private int _partialLength;
    private StreamId _partialStreamId;
    private Ssn _partialSsn;
    private uint _partialPpid;
    private byte _partialFlags;
    private bool _isSkippingToBeginning; // a FORWARD TSN cut a message

    private Tsn? _resetBarrier; // ordered messages beyond it belong to a stream's next life

    public string? Violation { get; private set; }

    /// <summary>Takes a chunk that is not a duplicate, within reach, and for which there is room.</summary>
    public void Add(in DataChunk chunk)
    {
        if (chunk.Tsn == _ring.Next)
        {
            AppendInSequence(chunk.Flags, chunk.StreamId, chunk.Ssn, chunk.Ppid, chunk.Payload, null);
            _ring.Advance();
            DrainInSequence();
            DeliverOrderedFrom(_ring.Next); // beyond the next gap, what waited for an SSN that came now
            return;
        }

        window.Take(chunk.Payload.Length + ReceiveWindow.Overhead);
        DeliverAhead(_ring.Store(chunk));
    }

    /// <summary>
    /// Drops the highest waiting chunk to make room for the one that is due (RFC 9260 §6.2 "an endpoint … MAY drop").
    /// False when nothing waits that was not delivered.
    /// </summary>
    public bool TryRenege(out Tsn tsn)
    {
        for (tsn = _ring.Highest; _ring.Count > 0 && tsn >= _ring.Next; tsn = tsn.Previous)
        {
            ref var slot = ref _ring[tsn];
            if (!slot.IsPresent || slot.Buffer is null)
            {
                continue; // what was delivered must stay acknowledged; below it others may wait
            }

            _ring.DetachLast(tsn);
            DropSlot(tsn);
            if (tsn == _ring.Highest)
            {
                _ring.Highest = tsn.Previous;
            }

            return true;
        }

        return false;
    }

    /// <summary>The cumulative point jumps (RFC 3758 §3.6): what was skipped is given up, what waited for it is delivered.</summary>
    public void Forward(Tsn newCumulative, in ForwardTsnChunk forwardTsn)
    {
        while (_ring.Next <= newCumulative)
        {
            if (_ring.Count == 0)
            {
                DropPartial();
                _isSkippingToBeginning = true;
                _ring.JumpTo(newCumulative.Next);
                break;
            }

            if (!TryAppendSlot())
            {
                DropPartial();
                _isSkippingToBeginning = true;
            }

            _ring.Advance();
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
        DeliverOrderedFrom(_ring.Next);
    }

    public void SetResetBarrier(Tsn? senderLastTsn)
    {
        _resetBarrier = senderLastTsn;
        DeliverOrderedFrom(_ring.Next);
    }

    public void ResetStream(StreamId streamId) => _nextSsn.Remove(streamId.Value);

    public void ResetAllStreams() => _nextSsn.Clear();

    public void Trim() => _ring.Trim();

    public void Clear()
    {
        DropPartial();
        for (var tsn = _ring.Next; _ring.Count > 0 && tsn <= _ring.Highest; tsn = tsn.Next)
        {
            if (_ring[tsn].IsPresent)
            {
                DropSlot(tsn);
            }
        }
    }

    private ref Ssn NextSsn(StreamId streamId) => ref CollectionsMarshal.GetValueRefOrAddDefault(_nextSsn, streamId.Value, out _);

    private void DrainInSequence()
    {
        while (_ring.Count > 0 && TryAppendSlot())
        {
            _ring.Advance();
        }
    }

    /// <summary>Moves the slot at the next TSN, if it is present, into sequence; the caller advances.</summary>
    private bool TryAppendSlot()
    {
        ref var slot = ref _ring[_ring.Next];
        if (!slot.IsPresent)
        {
            return false;
        }

        if (slot.Buffer is { } buffer)
        {
            window.Give(slot.Length + ReceiveWindow.Overhead);
            AppendInSequence(slot.Flags, slot.StreamId, slot.Ssn, slot.Ppid, buffer.AsSpan(0, slot.Length), buffer);
        }
        else
        {
            DropPartial(); // its message was delivered whole, so none can be in progress
        }

        _ring.Remove(_ring.Next);
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
            window.Take(ReceiveWindow.Overhead);
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
                window.Give(_partialLength + ReceiveWindow.Overhead);
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
        window.Take(payload.Length);
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

        window.Deliver(length);
        events.Enqueue(new SctpEvent(SctpEventKind.Message, streamId, ppid, buffer, length));
    }

    /// <summary>Delivers the message of a run, if it is whole and its turn has come; no stream waits for another's gap.</summary>
    private void DeliverAhead(Tsn start)
    {
        ref var first = ref _ring[start];
        if (!_ring.IsWhole(start))
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

    private bool IsBeyondBarrier(Tsn tsn) => _resetBarrier is { } barrier && tsn > barrier;

    /// <summary>
    /// Delivers the ordered messages whose turn has come. On each stream TSNs ascend with SSNs, so one pass finds all.
    /// </summary>
    private void DeliverOrderedFrom(Tsn tsn)
    {
        while (_ring.Count > 0 && tsn <= _ring.Highest && !IsBeyondBarrier(tsn))
        {
            ref var slot = ref _ring[tsn];
            var isTurn = (slot.Flags & DataChunk.UnorderedFlag) == 0 && _ring.IsWhole(tsn) && slot.Ssn == NextSsn(slot.StreamId);
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
        var first = _ring[start];
        var end = first.RunEnd;
        if (start == end)
        {
            _ring[start].Buffer = null;
            window.Give(first.Length + ReceiveWindow.Overhead);
            Deliver(first.StreamId, first.Ssn, first.Flags, first.Ppid, first.Buffer!, first.Length);
            return;
        }

        var length = 0;
        for (var tsn = start; tsn <= end; tsn = tsn.Next)
        {
            length += _ring[tsn].Length;
        }

        var message = BufferPool.Rent(length);
        var at = 0;
        for (var tsn = start; tsn <= end; tsn = tsn.Next)
        {
            ref var slot = ref _ring[tsn];
            slot.Buffer.AsSpan(0, slot.Length).CopyTo(message.AsSpan(at));
            at += slot.Length;
            window.Give(slot.Length + ReceiveWindow.Overhead);
            BufferPool.Return(slot.Buffer!);
            slot.Buffer = null;
        }

        Deliver(first.StreamId, first.Ssn, first.Flags, first.Ppid, message, length);
    }

    private void DropSlot(Tsn tsn)
    {
        ref var slot = ref _ring[tsn];
        if (slot.Buffer is { } buffer)
        {
            window.Give(slot.Length + ReceiveWindow.Overhead);
            BufferPool.Return(buffer);
        }

        _ring.Remove(tsn);
    }

    private void DropPartial()
    {
        if (_partial is { } partial)
        {
            window.Give(_partialLength + ReceiveWindow.Overhead);
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

    private static byte[] Copy(ReadOnlySpan<byte> payload)
    {
        var buffer = BufferPool.Rent(payload.Length);
        payload.CopyTo(buffer);
        return buffer;
    }

    public bool TryRecount(out int bytes)
    {
        bytes = _partial is null ? 0 : _partialLength + ReceiveWindow.Overhead;
        var count = 0;
        for (var tsn = _ring.Next; _ring.Count > 0 && tsn <= _ring.Highest; tsn = tsn.Next)
        {
            ref var slot = ref _ring[tsn];
            count += slot.IsPresent ? 1 : 0;
            bytes += slot.Buffer is not null ? slot.Length + ReceiveWindow.Overhead : 0;
        }

        return count == _ring.Count;
    }
}
