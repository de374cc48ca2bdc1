using System.Runtime.InteropServices;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Makes messages of I-DATA chunks (RFC 8260 §2.2.2), whatever the order in which they come: a fragment says by stream, U bit, MID
/// and FSN where it belongs, so that no message waits for another stream's gap. Ordered messages leave by MID.
/// </summary>
internal sealed class InterleavedReassemblyQueue(SctpConfiguration configuration, ReceiveWindow window, Queue<SctpEvent> events) : IReassemblyQueue
{
    /// <summary>With more messages in the making than this, none gets a large buffer in advance.</summary>
    private const int Crowd = 16;

    /// <summary>A mark of skipped unordered messages that lies so far behind has done its work, and must not last until MIDs wrap.</summary>
    private const int SkippedMarkLife = 1 << 20;

    private readonly Dictionary<MessageKey, IncomingMessage> _messages = [];
    private readonly Dictionary<ushort, IncomingStream> _streams = [];
    private readonly List<IncomingMessage> _skipped = [];
    private IncomingMessage? _latest; // that a fragment was added to
    private int _wholeCount; // ordered, waiting for their turn
    private int _markCount;

    public string? Violation { get; private set; }

    /// <summary>Takes a chunk that is not a duplicate and for which there is room.</summary>
    public void Add(in IDataChunk chunk)
    {
        var key = new MessageKey(chunk.StreamId, chunk.IsUnordered, chunk.Mid);
        if (IsGivenUp(key))
        {
            return; // a late fragment of what an I-FORWARD-TSN has skipped
        }

        if (chunk.IsBeginning && chunk.IsEnd && IsTurn(key) && !_messages.ContainsKey(key))
        {
            DeliverAlone(chunk);
            return;
        }

        if (_latest?.Key == key)
        {
            AddTo(_latest, chunk);
            return;
        }

        if (!_messages.TryGetValue(key, out var message))
        {
            message = IncomingMessage.Rent(key);
            _messages.Add(key, message);
            Link(message);
            Charge(message, chunk.IsBeginning && chunk.IsEnd ? 0 : IncomingMessage.Overhead);
        }
        else if (message.IsWhole)
        {
            Violation ??= "a fragment came for a message that is whole";
            return;
        }

        _latest = message;
        AddTo(message, chunk);
    }

    /// <summary>The cumulative point jumps (RFC 8260 §2.3.1): what was skipped is given up, what waited for it is delivered.</summary>
    public void Forward(in IForwardTsnChunk forwardTsn)
    {
        for (var i = 0; i < forwardTsn.SkippedCount; i++)
        {
            var last = forwardTsn.Skipped(i);
            ref var stream = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, last.StreamId.Value, out _);
            if (last.IsUnordered)
            {
                if (!stream.HasMark || IsBehind(stream.SkippedUnordered, last.Mid))
                {
                    _markCount += stream.HasMark ? 0 : 1;
                    (stream.HasMark, stream.SkippedUnordered) = (true, last.Mid);
                    GiveUpTo(stream.First, last);
                }
            }
            else if (!IsBehind(last.Mid, stream.NextMid))
            {
                var first = stream.First;
                stream.NextMid = last.Mid + 1;
                GiveUpTo(first, last);
                DeliverFollowing(last.StreamId);
            }
        }
    }

    /// <summary>Nothing to do: messages of a stream's next life come only after the far side knows that the reset is done.</summary>
    public void SetResetBarrier(Tsn? senderLastTsn)
    {
    }

    public void ResetStream(StreamId streamId)
    {
        if (_streams.TryGetValue(streamId.Value, out var stream))
        {
            while (stream.First is { } message)
            {
                stream.First = message.Next;
                Drop(message);
            }

            _markCount -= stream.HasMark ? 1 : 0;
            _streams.Remove(streamId.Value);
        }
    }

    public void ResetAllStreams()
    {
        Clear();
        _streams.Clear();
        _markCount = 0;
    }

    public void Trim()
    {
        if (_messages.Count == 0)
        {
            _messages.TrimExcess();
            _skipped.TrimExcess();
        }
    }

    public void Clear()
    {
        _latest = null;
        foreach (var message in _messages.Values)
        {
            window.Give(message.Charged);
            message.Return();
        }

        _messages.Clear();
        _wholeCount = 0;
        foreach (var id in _streams.Keys)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_streams, id).First = null;
        }
    }

    public bool TryRecount(out int bytes)
    {
        bytes = 0;
        var whole = 0;
        foreach (var message in _messages.Values)
        {
            bytes += message.Charged;
            whole += message.IsWhole ? 1 : 0;
        }

        var linked = 0;
        foreach (var stream in _streams.Values)
        {
            for (var message = stream.First; message is not null; message = message.Next)
            {
                linked++;
            }
        }

        return whole == _wholeCount && linked == _messages.Count && _streams.Values.Count(s => s.HasMark) == _markCount;
    }

    /// <summary>Serial number arithmetic.</summary>
    private static bool IsBehind(uint mid, uint other) => (int)(mid - other) < 0;

    private uint NextMid(StreamId streamId) => _streams.TryGetValue(streamId.Value, out var stream) ? stream.NextMid : 0;

    private bool IsTurn(in MessageKey key) => key.IsUnordered || key.Mid == NextMid(key.StreamId);

    private bool IsGivenUp(in MessageKey key)
    {
        if (!key.IsUnordered)
        {
            return IsBehind(key.Mid, NextMid(key.StreamId));
        }

        return _markCount > 0 && _streams.TryGetValue(key.StreamId.Value, out var stream) && stream.HasMark
            && !IsBehind(stream.SkippedUnordered, key.Mid);
    }

    private void AddTo(IncomingMessage message, in IDataChunk chunk)
    {
        Charge(message, chunk.Payload.Length + ReceiveWindow.Overhead);
        if (message.TryAdd(chunk, configuration.MaxMessageSize, _messages.Count > Crowd) is { } violation)
        {
            Violation ??= violation;
            return;
        }

        if (!message.IsWhole)
        {
            return;
        }

        _wholeCount++;
        if (IsTurn(message.Key))
        {
            var streamId = message.Key.StreamId;
            Deliver(message);
            DeliverFollowing(streamId);
        }
        else
        {
            _latest = null;
        }
    }

    /// <summary>A message of one fragment whose turn it is needs nothing of this class but the count.</summary>
    private void DeliverAlone(in IDataChunk chunk)
    {
        if (chunk.Payload.Length > configuration.MaxMessageSize)
        {
            Violation ??= "a message exceeds max-message-size";
            return;
        }

        var buffer = BufferPool.Rent(chunk.Payload.Length);
        chunk.Payload.CopyTo(buffer);
        Enqueue(new MessageKey(chunk.StreamId, chunk.IsUnordered, chunk.Mid), chunk.Ppid, buffer, chunk.Payload.Length);
        if (!chunk.IsUnordered)
        {
            DeliverFollowing(chunk.StreamId);
        }
    }

    private void DeliverFollowing(StreamId streamId)
    {
        while (_wholeCount > 0 && _messages.TryGetValue(new MessageKey(streamId, false, NextMid(streamId)), out var next) && next.IsWhole)
        {
            Deliver(next);
        }
    }

    private void Deliver(IncomingMessage message)
    {
        var (key, ppid, length, buffer) = (message.Key, message.Ppid, message.Length, message.TakeBuffer());
        Unlink(message);
        Drop(message);
        Enqueue(key, ppid, buffer, length);
    }

    private void Enqueue(in MessageKey key, uint ppid, byte[] buffer, int length)
    {
        if (!key.IsUnordered)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_streams, key.StreamId.Value, out _).NextMid = key.Mid + 1;
        }
        else if (_markCount > 0)
        {
            ForgetOldMark(key);
        }

        window.Deliver(length);
        events.Enqueue(new SctpEvent(SctpEventKind.Message, key.StreamId, ppid, buffer, length));
    }

    private void ForgetOldMark(in MessageKey key)
    {
        if (_streams.ContainsKey(key.StreamId.Value))
        {
            ref var stream = ref CollectionsMarshal.GetValueRefOrNullRef(_streams, key.StreamId.Value);
            if (stream.HasMark && key.Mid - stream.SkippedUnordered > SkippedMarkLife)
            {
                stream.HasMark = false;
                _markCount--;
            }
        }
    }

    /// <summary>Gives up what is not whole up to a message; whole ordered ones were sent before it, so they are delivered.</summary>
    private void GiveUpTo(IncomingMessage? first, in SkippedMessage last)
    {
        _skipped.Clear();
        for (var message = first; message is not null; message = message.Next)
        {
            if (message.Key.IsUnordered == last.IsUnordered && !IsBehind(last.Mid, message.Key.Mid))
            {
                _skipped.Add(message);
            }
        }

        var origin = last.Mid;
        _skipped.Sort((a, b) => ((int)(a.Key.Mid - origin)).CompareTo((int)(b.Key.Mid - origin)));
        foreach (var message in _skipped)
        {
            if (message.IsWhole)
            {
                var (key, ppid, length, buffer) = (message.Key, message.Ppid, message.Length, message.TakeBuffer());
                window.Deliver(length);
                events.Enqueue(new SctpEvent(SctpEventKind.Message, key.StreamId, ppid, buffer, length));
            }

            Unlink(message);
            Drop(message);
        }

        _skipped.Clear();
    }

    private void Charge(IncomingMessage message, int bytes)
    {
        message.Charged += bytes;
        window.Take(bytes);
    }

    private void Link(IncomingMessage message)
    {
        ref var stream = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, message.Key.StreamId.Value, out _);
        message.Next = stream.First;
        if (stream.First is { } first)
        {
            first.Previous = message;
        }

        stream.First = message;
    }

    private void Unlink(IncomingMessage message)
    {
        if (message.Next is { } next)
        {
            next.Previous = message.Previous;
        }

        if (message.Previous is { } previous)
        {
            previous.Next = message.Next;
        }
        else
        {
            CollectionsMarshal.GetValueRefOrNullRef(_streams, message.Key.StreamId.Value).First = message.Next;
        }
    }

    private void Drop(IncomingMessage message)
    {
        _wholeCount -= message.IsWhole ? 1 : 0;
        _latest = _latest == message ? null : _latest;
        _messages.Remove(message.Key);
        window.Give(message.Charged);
        message.Return();
    }

    /// <summary>What is known of a stream that is received.</summary>
    private struct IncomingStream
    {
        public uint NextMid; // ordered
        public uint SkippedUnordered; // up to here nothing is in the making; counts when HasMark
        public bool HasMark;
        public IncomingMessage? First; // of those that wait
    }
}
