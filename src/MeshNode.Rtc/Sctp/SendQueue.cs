using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp;

/// <summary>Messages that wait for their first transmission, per stream; whose turn it is, <see cref="StreamScheduler"/> knows.</summary>
internal sealed class SendQueue(SctpConfiguration configuration, Queue<SctpEvent> events)
{
    private readonly Dictionary<ushort, OutgoingStream> _streams = [];
    private readonly StreamScheduler _scheduler = new(configuration.MaxPacketSize - CommonHeader.Length - IDataChunk.HeaderLength);

    /// <summary>Bytes of all streams without a TSN, control messages included.</summary>
    public long BufferedBytes { get; private set; }

    /// <summary>No message waits on any stream.</summary>
    public bool IsEmpty => BufferedBytes == 0;

    /// <summary>Messages given up before their first fragment left.</summary>
    public long MessagesAbandoned { get; private set; }

    /// <summary>Messages leave as I-DATA, whose fragments take turns, because both sides announced it (RFC 8260 §2.2.1).</summary>
    public bool IsInterleaving => _scheduler.IsInterleaving;

    /// <summary>Bytes of a DATA or I-DATA chunk's header.</summary>
    public int DataHeaderLength => IsInterleaving ? IDataChunk.HeaderLength : DataChunk.HeaderLength;

    /// <summary>What the handshake agreed; before it nothing has left.</summary>
    public void Begin(bool isInterleaving, uint peerReceiveWindow)
    {
        _scheduler.IsInterleaving = isInterleaving;
        _scheduler.PeerWindow = peerReceiveWindow;
    }

    public OutgoingStream Stream(StreamId id)
    {
        if (!_streams.TryGetValue(id.Value, out var stream))
        {
            stream = new OutgoingStream(id);
            _streams.Add(id.Value, stream);
        }

        return stream;
    }

    public bool TryGetStream(StreamId id, out OutgoingStream? stream) => _streams.TryGetValue(id.Value, out stream);

    /// <summary>Forgets a stream without messages; its next life begins with message number 0.</summary>
    public void RemoveStream(StreamId id) => _streams.Remove(id.Value);

    /// <summary>
    /// Copies a message in; false when the buffer's limit would be exceeded, from which control messages are exempt. The payload is not empty.
    /// </summary>
    public bool TryEnqueue(MonotonicTime now, StreamId streamId, uint ppid, ReadOnlySpan<byte> payload, in SendOptions options)
    {
        if (!options.IsControl && BufferedBytes > 0 && BufferedBytes + payload.Length > configuration.SendBufferLimit)
        {
            return false;
        }

        var stream = Stream(streamId);
        stream.Enqueue(OutgoingMessage.Rent(now, stream, ppid, payload, options));
        BufferedBytes += payload.Length;
        if (!options.IsControl)
        {
            stream.BufferedAmount += payload.Length;
        }

        if (!stream.IsPaused)
        {
            _scheduler.Add(stream);
        }

        return true;
    }

    /// <summary>The message whose fragment is to be sent next; null when none waits. Gives up what has expired.</summary>
    public OutgoingMessage? Peek(MonotonicTime now, bool isPartialReliabilitySupported)
    {
        while (_scheduler.Peek() is { } stream)
        {
            var head = stream.Head!;
            if (!isPartialReliabilitySupported || head.ExpiresAt > now.Ticks || head.FragmentedLength > 0)
            {
                return head;
            }

            MessagesAbandoned++;
            _scheduler.Finished(stream, 0, hadBegun: false);
            stream.RemoveHead();
            Consume(stream, head, head.Length);
            head.Return();
            _scheduler.Advanced(stream);
        }

        return null;
    }

    /// <summary>Takes <paramref name="length"/> bytes of the message that Peek gave; they have a TSN now.</summary>
    public void Advance(OutgoingMessage message, int length)
    {
        var stream = message.Stream;
        var isBeginning = message.FragmentedLength == 0;
        if (isBeginning)
        {
            message.Mid = stream.TakeMid(message.Options.IsUnordered);
        }

        message.FragmentedLength += length;
        Consume(stream, message, length);
        if (message.IsFullyFragmented)
        {
            Finish(stream, length, hadBegun: !isBeginning);
        }
        else
        {
            _scheduler.Sent(stream, length, isBeginning);
        }
    }

    /// <summary>Drops the rest of a message that was given up after its beginning had left.</summary>
    public void Abandon(OutgoingMessage message)
    {
        var stream = message.Stream;
        if (stream.Head != message)
        {
            return;
        }

        var rest = message.Length - message.FragmentedLength;
        message.FragmentedLength = message.Length;
        Consume(stream, message, rest);
        Finish(stream, 0, hadBegun: true);
    }

    /// <summary>A stream whose reset was answered sends again.</summary>
    public void Resume(OutgoingStream stream)
    {
        stream.IsPaused = false;
        if (!stream.IsEmpty)
        {
            _scheduler.Add(stream);
        }
    }

    /// <summary>Gives all memory back.</summary>
    public void Clear()
    {
        foreach (var stream in _streams.Values)
        {
            while (stream.Head is { } message)
            {
                stream.RemoveHead();
                if (message.OutstandingFragments == 0)
                {
                    message.Return();
                }
            }

            stream.BufferedAmount = 0;
            stream.Place = StreamPlace.None;
        }

        _scheduler.Clear();
        BufferedBytes = 0;
    }

    private void Finish(OutgoingStream stream, int length, bool hadBegun)
    {
        _scheduler.Finished(stream, length, hadBegun);
        stream.RemoveHead();
        _scheduler.Advanced(stream);
    }

    private void Consume(OutgoingStream stream, OutgoingMessage message, int length)
    {
        BufferedBytes -= length;
        if (message.Options.IsControl)
        {
            return;
        }

        var before = stream.BufferedAmount;
        stream.BufferedAmount -= length;
        if (before > stream.BufferedAmountLowThreshold && stream.BufferedAmount <= stream.BufferedAmountLowThreshold)
        {
            events.Enqueue(new SctpEvent(SctpEventKind.BufferedAmountLow, stream.Id));
        }
    }
}
