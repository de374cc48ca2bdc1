namespace MeshNode.Rtc.Sockets;

/// <summary>
/// A binary heap of deadlines in which every entry knows its place, so that re-arming is one walk. A deadline that moves
/// later stays where it is until it would have been due (<see cref="Arm"/>): timers that data keeps pushing cost nothing.
/// </summary>
internal sealed class TimeoutHeap<T>
    where T : class, ITimeoutEntry
{
    private T[] _entries = new T[16];

    public int Count { get; private set; }

    /// <summary>The earliest; null when nothing is armed. It may turn out to have moved later.</summary>
    public MonotonicTime? Earliest => Count == 0 ? null : _entries[0].ArmedAt;

    /// <summary>Moves the entry to an earlier deadline, or adds it; does nothing for a later one.</summary>
    public void Arm(T entry, MonotonicTime deadline)
    {
        if (entry.HeapIndex < 0)
        {
            if (Count == _entries.Length)
            {
                Array.Resize(ref _entries, Count * 2);
            }

            entry.ArmedAt = deadline;
            MoveUp(entry, Count++);
        }
        else if (deadline < entry.ArmedAt)
        {
            entry.ArmedAt = deadline;
            MoveUp(entry, entry.HeapIndex);
        }
    }

    public void Remove(T entry)
    {
        var index = entry.HeapIndex;
        if (index < 0)
        {
            return;
        }

        entry.HeapIndex = -1;
        var last = _entries[--Count];
        _entries[Count] = null!;
        if (last != entry)
        {
            // It comes from the bottom, but of another branch: it may have to go either way.
            MoveUp(last, index);
            MoveDown(last, last.HeapIndex);
        }
    }

    /// <summary>Takes the earliest when it is due; its own deadline decides whether it really is.</summary>
    public bool TryTakeDue(MonotonicTime now, out T entry)
    {
        if (Count == 0 || _entries[0].ArmedAt > now)
        {
            entry = null!;
            return false;
        }

        entry = _entries[0];
        Remove(entry);
        return true;
    }

    private void MoveUp(T entry, int index)
    {
        while (index > 0 && entry.ArmedAt < _entries[(index - 1) / 2].ArmedAt)
        {
            Place(_entries[(index - 1) / 2], index);
            index = (index - 1) / 2;
        }

        Place(entry, index);
    }

    private void MoveDown(T entry, int index)
    {
        for (var child = (2 * index) + 1; child < Count; child = (2 * index) + 1)
        {
            if (child + 1 < Count && _entries[child + 1].ArmedAt < _entries[child].ArmedAt)
            {
                child++;
            }

            if (entry.ArmedAt <= _entries[child].ArmedAt)
            {
                break;
            }

            Place(_entries[child], index);
            index = child;
        }

        Place(entry, index);
    }

    private void Place(T entry, int index)
    {
        _entries[index] = entry;
        entry.HeapIndex = index;
    }
}
