using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MeshNode.Actors;

/// <summary>
/// The slots of a <see cref="RingMailbox"/> for a stretch of positions: from <see cref="Base"/> until the position before
/// the <see cref="Base"/> of <see cref="Next"/>. A slot's message says whether it has been written.
/// </summary>
internal sealed class MessageRing
{
    /// <summary>Slots of a mailbox's first ring: most actors never hold more messages.</summary>
    public const int FirstCapacity = 4;

    /// <summary>Slots (1 KiB) up to which a ring is kept while its actor has nothing to do.</summary>
    public const int KeptCapacity = 64;

    /// <summary>Slots (16 KiB) of the largest ring; what does not fit goes into a further one.</summary>
    public const int LargestCapacity = 1024;

    /// <summary>From here on slots are rented from a pool, to be given back when they are drained.</summary>
    private const int PooledCapacity = 256;

    /// <summary>Times in a row that the actor catches up without having needed a ring so large, before it is given back.</summary>
    private const int ShallowRunsKept = 100;

    internal struct Slot
    {
        public object? Message; // written after the sender
        public IActorRef? Sender;
    }

    private readonly Slot[] _slots;
    private MessageRing? _next;
    private long _caughtUpAt; // position; this and the next are touched by the consumer
    private int _shallowRuns;

    public MessageRing(int capacity, long firstPosition)
    {
        // A rented array's length is the power of two that was asked for; its slots were cleared before it went back.
        _slots = capacity < PooledCapacity ? new Slot[capacity] : ArrayPool<Slot>.Shared.Rent(capacity);
        Base = firstPosition;
    }

    public long Base { get; }

    public int Capacity => _slots.Length;

    /// <summary>The consumer says how far it has come when none of these bits is set: four times a lap.</summary>
    public int PublishingMask => (_slots.Length >> 2) - 1;

    public MessageRing? Next => Volatile.Read(ref _next);

    public ref Slot this[long position]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            var slots = _slots;
            return ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(slots), (nint)(position & (slots.Length - 1))); // a power of two
        }
    }

    /// <summary>Links the ring after this one; the first who tries wins, the others' rings are thrown away.</summary>
    public void TryLink(int capacity, long firstPosition)
    {
        if (Next is null)
        {
            var fresh = new MessageRing(capacity, firstPosition);
            if (Interlocked.CompareExchange(ref _next, fresh, null) is not null)
            {
                fresh.Recycle();
            }
        }
    }

    /// <summary>Counts one more time that the consumer has caught up; whether a smaller ring would have done for long now.</summary>
    public bool IsUnneededAt(long position)
    {
        _shallowRuns = position - _caughtUpAt < Capacity / 8 ? _shallowRuns + 1 : 0;
        _caughtUpAt = position;
        return _shallowRuns > ShallowRunsKept;
    }

    /// <summary>Gives the slots away: nobody writes here any more, and all that was written has been read.</summary>
    public void Recycle()
    {
        if (_slots.Length >= PooledCapacity)
        {
            ArrayPool<Slot>.Shared.Return(_slots);
        }
    }
}
