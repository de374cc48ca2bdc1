namespace MeshNode.Actors;

/// <summary>
/// The default mailbox: unbounded, first in, first out, for many senders and one consumer. Telling takes one
/// compare-and-swap and allocates nothing; an actor that was never told anything has no slots.
/// <para>
/// A position's slot lies in a <see cref="MessageRing"/> at its place modulo the ring's capacity. A sender that finds no
/// room replaces the ring by a larger one: it sets <see cref="Mailbox.Changing"/> and claims one position for the change
/// itself, where the old ring ends and after which the new one begins. Whoever sees the flag helps and clears it, so nobody
/// waits for another. Since each change takes a position, the word never has the same value with different rings: the
/// compare-and-swap of a sender that looked at an old ring fails, and drained slots can be used again elsewhere.
/// </para>
/// <para>
/// Memory order: a sender reads the word, then the ring and how far the consumer has come (acquire: what it has read it has
/// also cleared), and claims by a full fence; it writes the slot's sender, then the message (release). The consumer reads
/// the message (acquire), then the sender, clears both, and says how far it has come (release): a few times a lap, and when
/// its turn ends, because that is the line of memory that senders write.
/// </para>
/// </summary>
internal sealed class RingMailbox(ActorCell cell, MessageDispatcher dispatcher) : Mailbox(cell, dispatcher)
{
    private const int GrowthFactor = 4;

    private MessageRing? _headRing; // of the consumer; set by whoever makes the first
    private MessageRing? _tailRing;

    public override void Post(object message, IActorRef? sender)
    {
        while (true)
        {
            var word = Volatile.Read(ref Word);
            var ring = Volatile.Read(ref _tailRing);
            if ((word & (Closed | Changing)) == 0 && ring is not null && HasRoom(ring, Position(word)))
            {
                var wakes = (word & (Scheduled | Suspended)) == 0;
                if (Interlocked.CompareExchange(ref Word, (wakes ? word | Scheduled : word) + One, word) == word)
                {
                    ref var slot = ref ring[Position(word)];
                    slot.Sender = sender;
                    Volatile.Write(ref slot.Message, message);
                    if (wakes)
                    {
                        HandOver(again: false);
                    }

                    return;
                }
            }
            else if ((word & Closed) != 0)
            {
                SendToDeadLetters(message, sender);
                return;
            }
            else
            {
                MakeRoom(word, ring);
            }
        }
    }

    protected override bool TryTake(ref long head, out object? message, out IActorRef? sender)
    {
        var ring = _headRing!;
        ref var slot = ref ring[head];
        message = Volatile.Read(ref slot.Message);
        sender = slot.Sender;
        if (message is not null)
        {
            slot.Sender = null;
            slot.Message = null;
            if ((++head & ring.PublishingMask) == 0)
            {
                PublishHead(head);
            }

            return true;
        }

        if (ring.Next is { } next && next.Base == head + 1)
        {
            // The position that the change of rings took: all before it has been read.
            _headRing = next;
            ring.Recycle();
            head++;
        }

        return false;
    }

    protected override void CaughtUp(long word)
    {
        if (_headRing is not { } ring)
        {
            return;
        }

        if ((word & Closed) != 0)
        {
            (_headRing, _tailRing) = (null, null);
            ring.Recycle();
        }
        else if (ring.Capacity > MessageRing.KeptCapacity && ring.IsUnneededAt(Position(word)) && (word & Changing) == 0)
        {
            Change(word, ring, MessageRing.KeptCapacity);
        }
    }

    /// <summary>Whether the slot's message of the lap before has been read; later than it has, rather than too early.</summary>
    private bool HasRoom(MessageRing ring, long position) => position - Math.Max(PublishedHead, ring.Base) < ring.Capacity;

    private void MakeRoom(long word, MessageRing? ring)
    {
        if (ring is null)
        {
            var first = new MessageRing(MessageRing.FirstCapacity, 0);
            first = Interlocked.CompareExchange(ref _headRing, first, null) ?? first;
            Interlocked.CompareExchange(ref _tailRing, first, null);
        }
        else if ((word & Changing) != 0)
        {
            FinishChange(word, ring, Larger(ring));
        }
        else
        {
            Change(word, ring, Larger(ring));
        }
    }

    private void Change(long word, MessageRing ring, int capacity)
    {
        var changing = (word | Changing) + One;
        if (Interlocked.CompareExchange(ref Word, changing, word) == word)
        {
            FinishChange(changing, ring, capacity);
        }
    }

    /// <summary>Done by all who see the flag; each step has an effect once.</summary>
    private void FinishChange(long word, MessageRing ring, int capacity)
    {
        if (ring.Base < Position(word)) // not yet the new one
        {
            ring.TryLink(capacity, Position(word));
            Interlocked.CompareExchange(ref _tailRing, ring.Next, ring);
        }

        Interlocked.CompareExchange(ref Word, word & ~Changing, word);
    }

    /// <summary>Slots of the ring that senders use; 0 before the first message.</summary>
    public int Capacity => Volatile.Read(ref _tailRing)?.Capacity ?? 0;

    private static int Larger(MessageRing ring) => Math.Min(ring.Capacity * GrowthFactor, MessageRing.LargestCapacity);
}
