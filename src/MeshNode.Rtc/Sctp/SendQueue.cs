namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Messages that wait for their first transmission, per stream, and the choice of the stream that sends next: weighted fair
/// queueing by message (RFC 8260 §3.6). A message that has begun is finished first, because its fragments' TSNs must be
/// consecutive (without I-DATA).
/// </summary>
internal sealed class SendQueue(SctpConfiguration configuration, Queue<SctpEvent> events)
{
    private readonly Dictionary<ushort, OutgoingStream> _streams = [];
    private readonly PriorityQueue<OutgoingStream, (double VirtualFinish, long Order)> _schedule = new(); // first come, first served among equals
    private OutgoingStream? _current; // whose head message has begun
    private double _virtualTime;
    private long _order;

    /// <summary>Bytes of all streams without a TSN, control messages included.</summary>
    public long BufferedBytes { get; private set; }

    /// <summary>No message waits on any stream.</summary>
    public bool IsEmpty => BufferedBytes == 0;

    /// <summary>Messages given up before their first fragment left.</summary>
    public long MessagesAbandoned { get; private set; }

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

    /// <summary>Forgets a stream without messages; its next life begins with SSN 0.</summary>
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
        var wasEmpty = stream.IsEmpty;
        stream.Enqueue(OutgoingMessage.Rent(now, streamId, ppid, payload, options));
        BufferedBytes += payload.Length;
        if (!options.IsControl)
        {
            stream.BufferedAmount += payload.Length;
        }

        if (wasEmpty)
        {
            stream.VirtualFinish = _virtualTime;
            Schedule(stream);
        }

        return true;
    }

    /// <summary>The message whose fragment is to be sent next; null when none waits. Gives up what has expired.</summary>
    public OutgoingMessage? Peek(MonotonicTime now, bool isPartialReliabilitySupported)
    {
        if (_current is not null)
        {
            return _current.Head;
        }

        while (_schedule.TryDequeue(out var stream, out _))
        {
            stream.IsScheduled = false;
            while (stream.Head is { } head && isPartialReliabilitySupported && head.ExpiresAt <= now.Ticks)
            {
                MessagesAbandoned++;
                stream.RemoveHead();
                Consume(stream, head, head.Length);
                head.Return();
            }

            if (stream.Head is { } message && !stream.IsPaused)
            {
                _current = stream;
                _virtualTime = stream.VirtualFinish;
                return message;
            }
        }

        return null;
    }

    /// <summary>Takes <paramref name="length"/> bytes of the message that Peek gave; they have a TSN now.</summary>
    public void Advance(OutgoingMessage message, int length)
    {
        var stream = _current!;
        if (message.FragmentedLength == 0 && !message.Options.IsUnordered)
        {
            message.Ssn = stream.NextSsn;
            stream.NextSsn = stream.NextSsn.Next;
        }

        message.FragmentedLength += length;
        Consume(stream, message, length);
        if (message.IsFullyFragmented)
        {
            Finish(stream);
        }
    }

    /// <summary>Drops the rest of a message that was given up after its beginning had left.</summary>
    public void Abandon(OutgoingMessage message)
    {
        if (_current?.Head != message)
        {
            return;
        }

        var stream = _current;
        var rest = message.Length - message.FragmentedLength;
        message.FragmentedLength = message.Length;
        Consume(stream, message, rest);
        Finish(stream);
    }

    /// <summary>A stream whose reset was answered sends again.</summary>
    public void Resume(OutgoingStream stream)
    {
        stream.IsPaused = false;
        if (!stream.IsEmpty && _current != stream)
        {
            stream.VirtualFinish = _virtualTime;
            Schedule(stream);
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
        }

        _schedule.Clear();
        _current = null;
        BufferedBytes = 0;
    }

    private void Finish(OutgoingStream stream)
    {
        stream.RemoveHead();
        _current = null;
        if (!stream.IsEmpty)
        {
            Schedule(stream);
        }
    }

    private void Schedule(OutgoingStream stream)
    {
        if (!stream.IsScheduled)
        {
            stream.IsScheduled = true;
            stream.VirtualFinish = Math.Max(stream.VirtualFinish, _virtualTime) + ((double)stream.Head!.Length / stream.Weight);
            _schedule.Enqueue(stream, (stream.VirtualFinish, _order++));
        }
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
