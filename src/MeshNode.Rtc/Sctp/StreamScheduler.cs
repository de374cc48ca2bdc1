using System.Diagnostics.CodeAnalysis;

namespace MeshNode.Rtc.Sctp;

/// <summary>
/// Whose turn it is to send (RFC 8260 §3). Streams of the first class come before all others, message by message in the order of
/// their arrival; the others share by weight (§3.6, start-time fair queueing): fragment by fragment with I-DATA, by message without,
/// because the fragments of a DATA message have consecutive TSNs.
/// </summary>
/// <remarks>
/// A receiver cannot deliver any of many messages that have all begun and fill its window, so with I-DATA a message of several
/// fragments begins only while those that have begun take half of the far side's window (three quarters for the first class).
/// </remarks>
internal sealed class StreamScheduler(int singleFragmentLength)
{
    private readonly Queue<OutgoingStream> _firstClass = new();
    private readonly PriorityQueue<OutgoingStream, (double VirtualStart, long Order)> _weighted = new(); // first come, first served among equals
    private readonly Queue<OutgoingStream> _held = new();
    private OutgoingStream? _begun; // without I-DATA: its head has begun and must be finished first
    private double _virtualTime;
    private long _order;
    private long _begunBytes; // whole lengths of the messages that have begun and are not finished; with I-DATA

    public bool IsInterleaving { get; set; }

    /// <summary>Bytes that the far side can hold.</summary>
    public long PeerWindow { get; set; } = long.MaxValue;

    /// <summary>A stream that was empty or paused has something to send.</summary>
    public void Add(OutgoingStream stream)
    {
        if (stream.Place == StreamPlace.None)
        {
            stream.VirtualStart = Math.Max(stream.VirtualStart, _virtualTime);
            Enqueue(stream);
        }
    }

    /// <summary>The stream whose head sends its next fragment; null when none may.</summary>
    public OutgoingStream? Peek()
    {
        if (_begun is not null)
        {
            return _begun;
        }

        while (_firstClass.TryPeek(out var stream))
        {
            if (!IsReady(stream))
            {
                _firstClass.Dequeue();
                stream.Place = StreamPlace.None;
            }
            else if (MayBegin(stream.Head!, PeerWindow / 4 * 3))
            {
                return stream;
            }
            else
            {
                break;
            }
        }

        while (_weighted.TryPeek(out var stream, out _) || TryReleaseIdle(out stream))
        {
            if (!IsReady(stream))
            {
                _weighted.Dequeue();
                stream.Place = StreamPlace.None;
            }
            else if (MayBegin(stream.Head!, PeerWindow / 2))
            {
                return stream;
            }
            else
            {
                _weighted.Dequeue();
                stream.Place = StreamPlace.Held;
                _held.Enqueue(stream);
            }
        }

        return null;
    }

    /// <summary>The stream that Peek gave sends a fragment of its head and goes on with it afterwards.</summary>
    public void Sent(OutgoingStream stream, int length, bool isBeginning)
    {
        Charge(stream, length);
        if (!IsInterleaving)
        {
            _begun = stream;
            return;
        }

        if (isBeginning)
        {
            _begunBytes += stream.Head!.Length;
        }

        Reorder(stream);
    }

    /// <summary>The stream's head sends its last fragment, of this length, or was given up; it is still the head.</summary>
    public void Finished(OutgoingStream stream, int length, bool hadBegun)
    {
        Charge(stream, length);
        if (_begun == stream)
        {
            _begun = null;
        }
        else if (hadBegun && IsInterleaving)
        {
            _begunBytes -= stream.Head!.Length;
            ReleaseHeld();
        }
    }

    /// <summary>The finished head was removed.</summary>
    public void Advanced(OutgoingStream stream)
    {
        if (stream.Place == StreamPlace.FirstClass && _firstClass.TryPeek(out var first) && first == stream)
        {
            _firstClass.Dequeue();
            stream.Place = StreamPlace.None;
            if (IsReady(stream))
            {
                Enqueue(stream);
            }

            return;
        }

        Reorder(stream);
    }

    public void Clear()
    {
        _firstClass.Clear();
        _weighted.Clear();
        _held.Clear();
        _begun = null;
        _begunBytes = 0;
    }

    private static bool IsReady(OutgoingStream stream) => !stream.IsEmpty && !stream.IsPaused;

    private bool MayBegin(OutgoingMessage message, long limit) =>
        !IsInterleaving || message.FragmentedLength > 0 || message.Length <= singleFragmentLength
        || _begunBytes == 0 || _begunBytes + message.Length <= limit;

    private void Charge(OutgoingStream stream, int length)
    {
        if (stream.Place == StreamPlace.Weighted)
        {
            _virtualTime = Math.Max(_virtualTime, stream.VirtualStart);
            stream.VirtualStart += (double)length / stream.Weight;
        }
    }

    /// <summary>
    /// What was held waits for the end of a message that has begun. When none has, because the one that was let go first
    /// expired before it began, for example, nothing else would let go the next.
    /// </summary>
    private bool TryReleaseIdle([NotNullWhen(true)] out OutgoingStream? stream)
    {
        stream = null;
        if (_begunBytes == 0 && _held.Count > 0)
        {
            ReleaseHeld();
        }

        return _weighted.TryPeek(out stream, out _);
    }

    /// <summary>Those that were held and may begin now get back the place in virtual time that they had; at least one does.</summary>
    private void ReleaseHeld()
    {
        var room = (PeerWindow / 2) - _begunBytes;
        var isFirst = true;
        while (_held.TryPeek(out var held) && (isFirst || held.Head!.Length <= room))
        {
            _held.Dequeue();
            isFirst = false;
            room -= held.Head!.Length;
            Enqueue(held);
        }
    }

    private void Enqueue(OutgoingStream stream)
    {
        if (stream.IsFirstClass)
        {
            stream.Place = StreamPlace.FirstClass;
            _firstClass.Enqueue(stream);
        }
        else
        {
            stream.Place = StreamPlace.Weighted;
            _weighted.Enqueue(stream, (stream.VirtualStart, _order++));
        }
    }

    /// <summary>Moves a weighted stream to its new place in virtual time, or out when it has nothing more to send.</summary>
    private void Reorder(OutgoingStream stream)
    {
        if (stream.Place != StreamPlace.Weighted)
        {
            return;
        }

        if (_weighted.TryPeek(out var first, out _) && first == stream)
        {
            if (IsReady(stream))
            {
                _weighted.DequeueEnqueue(stream, (stream.VirtualStart, _order++));
                return;
            }

            _weighted.Dequeue();
        }
        else
        {
            _weighted.Remove(stream, out _, out _);
            if (IsReady(stream))
            {
                _weighted.Enqueue(stream, (stream.VirtualStart, _order++));
                return;
            }
        }

        stream.Place = StreamPlace.None;
    }
}
