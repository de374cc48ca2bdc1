using System.Runtime.CompilerServices;

namespace MeshNode.Actors;

/// <summary>
/// Unbounded queue for many producers and one consumer, without locks while a segment has room. Segments are rings that
/// are used over and over; a full one is frozen and a ring of twice its size takes its place. An idle queue that never
/// held a message owns nothing.
/// </summary>
internal struct MpscQueue
{
    private const int FirstCapacity = 4;
    private const int LargestCapacity = 1024;

    private MpscSegment? _head; // touched by the consumer, and by whoever makes the first segment
    private MpscSegment? _tail;

    /// <summary>Ends with a full fence, so that what the producer reads next is not older than its message.</summary>
    public void Enqueue(in Envelope envelope)
    {
        var tail = Volatile.Read(ref _tail);
        if (tail is null || !tail.TryEnqueue(envelope))
        {
            EnqueueSlowly(envelope);
        }
    }

    /// <summary>False when nothing is there, or when the next one's producer has not finished writing it.</summary>
    public bool TryDequeue(out Envelope envelope)
    {
        var head = Volatile.Read(ref _head);
        while (head is not null)
        {
            if (head.TryDequeue(out envelope))
            {
                return true;
            }

            if (!head.IsDrained)
            {
                break;
            }

            head = head.Next!;
            Volatile.Write(ref _head, head);
        }

        envelope = default;
        return false;
    }

    /// <summary>Whether <see cref="TryDequeue"/> would give a message; a hint when asked by others than the consumer.</summary>
    public bool CanDequeue()
    {
        for (var segment = Volatile.Read(ref _head); segment is not null; segment = segment.Next)
        {
            if (segment.CanDequeue)
            {
                return true;
            }

            if (!segment.IsDrained)
            {
                return false;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EnqueueSlowly(in Envelope envelope)
    {
        while (true)
        {
            var tail = Volatile.Read(ref _tail);
            if (tail is null)
            {
                var first = new MpscSegment(FirstCapacity);
                tail = Interlocked.CompareExchange(ref _head, first, null) ?? first;
                Interlocked.CompareExchange(ref _tail, tail, null);
                continue;
            }

            if (tail.TryEnqueue(envelope))
            {
                return;
            }

            var next = tail.FreezeAndGrow(Math.Min(tail.Capacity * 2, LargestCapacity));
            Interlocked.CompareExchange(ref _tail, next, tail);
        }
    }
}
