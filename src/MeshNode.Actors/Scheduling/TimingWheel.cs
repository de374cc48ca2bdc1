using System.Numerics;

namespace MeshNode.Actors;

/// <summary>
/// What is due later, in nine wheels of 64 slots: a slot of the first is 0.8 ms wide, of the next 52 ms, then 3.4 s, 3.6 min
/// and so on until no time is too far. Adding and removing take the same few steps however many there are.
/// <para>
/// A time counts in units of 0.8 ms and lies in the wheel of the highest group of six bits in which it differs from
/// <see cref="_now"/>, at that group's value. So everything in a wheel is due before everything in the next one, and a
/// slot's place in its wheel is its order: the first bit of the first wheel that is not empty leads to what is next, and
/// nothing need tick. When time reaches a slot, what it holds moves to the wheels below, at the last into a heap, which is
/// small and keeps the exact order: by due time, then by order of scheduling.
/// </para>
/// </summary>
internal sealed class TimingWheel
{
    private const int UnitShift = 13; // 8192 * 100 ns
    private const int GroupBits = 6;
    private const int Slots = 1 << GroupBits;
    private const int Wheels = 9; // 9 * 6 + 13 bits hold every time

    private readonly DueHeap _reached = new();
    private readonly ScheduledWork?[] _slots = new ScheduledWork?[Wheels * Slots]; // first of each slot's ring of work
    private readonly ulong[] _occupied = new ulong[Wheels]; // a bit for each slot
    private long _now; // unit up to which all is in the heap

    public int Count { get; private set; }

    public void Add(ScheduledWork work)
    {
        Count++;
        Place(work);
    }

    /// <summary>False when it is not here.</summary>
    public bool Remove(ScheduledWork work)
    {
        switch (work.Where)
        {
            case ScheduledWork.Nowhere:
                return false;
            case >= 0:
                _reached.Remove(work);
                break;
            default:
                Unlink(work);
                break;
        }

        Count--;
        return true;
    }

    /// <summary>Takes what is due at that time (100 ns), in order, one at each call; null when nothing is left.</summary>
    public ScheduledWork? TakeDue(long time)
    {
        MoveTo(time >> UnitShift);
        if (_reached.First is not { } work || work.Due > time)
        {
            return null;
        }

        _reached.Remove(work);
        Count--;
        return work;
    }

    /// <summary>When the first is due (100 ns); null for none. Looks through the first slot that holds something.</summary>
    public long? FirstDue()
    {
        if (_reached.First is { } reached)
        {
            return reached.Due;
        }

        if (FirstWheel() is not { } wheel)
        {
            return null;
        }

        var first = _slots[FirstSlot(wheel)]!;
        var due = first.Due;
        for (var work = first.Next!; !ReferenceEquals(work, first); work = work.Next!)
        {
            due = Math.Min(due, work.Due);
        }

        return due;
    }

    /// <summary>
    /// When to look again (100 ns): the first due time if that is near, otherwise when its slot is reached, which takes no
    /// looking through it. Null for never.
    /// </summary>
    public long? NextLook() => _reached.First is null && FirstWheel() is { } wheel and > 0
        ? StartOf(wheel, FirstSlot(wheel)) << UnitShift
        : FirstDue();

    private void MoveTo(long unit)
    {
        while (FirstWheel() is { } wheel)
        {
            var slot = FirstSlot(wheel);
            var start = StartOf(wheel, slot);
            if (start > unit)
            {
                break;
            }

            _now = start;
            while (_slots[slot] is { } work)
            {
                Unlink(work);
                Place(work);
            }
        }

        _now = Math.Max(_now, unit);
    }

    private void Place(ScheduledWork work)
    {
        var unit = work.Due >> UnitShift;
        if (unit <= _now)
        {
            _reached.Push(work);
            return;
        }

        var wheel = BitOperations.Log2((ulong)(unit ^ _now)) / GroupBits;
        var slot = (wheel * Slots) + (int)((unit >> (wheel * GroupBits)) & (Slots - 1));
        Link(work, slot);
    }

    private void Link(ScheduledWork work, int slot)
    {
        work.Where = ScheduledWork.InSlot(slot);
        if (_slots[slot] is { } first)
        {
            var last = first.Previous!;
            (last.Next, work.Previous) = (work, last);
            (work.Next, first.Previous) = (first, work);
        }
        else
        {
            _slots[slot] = work.Next = work.Previous = work;
            _occupied[slot / Slots] |= 1UL << (slot % Slots);
        }
    }

    private void Unlink(ScheduledWork work)
    {
        var slot = ScheduledWork.SlotOf(work.Where);
        if (ReferenceEquals(work.Next, work))
        {
            _slots[slot] = null;
            _occupied[slot / Slots] &= ~(1UL << (slot % Slots));
        }
        else
        {
            work.Previous!.Next = work.Next;
            work.Next!.Previous = work.Previous;
            if (ReferenceEquals(_slots[slot], work))
            {
                _slots[slot] = work.Next;
            }
        }

        work.Next = work.Previous = null;
        work.Where = ScheduledWork.Nowhere;
    }

    private int? FirstWheel()
    {
        for (var wheel = 0; wheel < Wheels; wheel++)
        {
            if (_occupied[wheel] != 0)
            {
                return wheel;
            }
        }

        return null;
    }

    private int FirstSlot(int wheel) => (wheel * Slots) + BitOperations.TrailingZeroCount(_occupied[wheel]);

    /// <summary>The first unit of the slot: as now, with the wheel's group of bits that of the slot, and zero below.</summary>
    private long StartOf(int wheel, int slot)
    {
        var shift = wheel * GroupBits;
        return ((((_now >> shift) & ~(Slots - 1L)) | (uint)(slot % Slots)) << shift);
    }
}
