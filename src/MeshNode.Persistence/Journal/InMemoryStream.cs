namespace MeshNode.Persistence.Journal;

/// <summary>The events of one persistence id, by rising sequence number. Guarded by the store's lock.</summary>
internal sealed class InMemoryStream
{
    private readonly List<StoredEvent> _events = [];

    /// <summary>Of all that was ever added.</summary>
    public long HighestSequenceNr { get; private set; }

    public void Add(StoredEvent @event)
    {
        _events.Add(@event);
        HighestSequenceNr = @event.SequenceNr;
    }

    public EventPage Read(long fromSequenceNr, long toSequenceNr, int max)
    {
        var start = IndexOf(fromSequenceNr);
        var count = Math.Max(0, toSequenceNr == long.MaxValue ? _events.Count - start : IndexOf(toSequenceNr + 1) - start);
        return new EventPage(_events.GetRange(start, Math.Min(count, max)), HighestSequenceNr, count > max);
    }

    /// <summary>Deletes up to a number, included; gives the tags that the deleted ones carried.</summary>
    public HashSet<string> DeleteTo(long toSequenceNr)
    {
        var count = toSequenceNr == long.MaxValue ? _events.Count : IndexOf(toSequenceNr + 1);
        HashSet<string> tags = [.. _events.Take(count).SelectMany(@event => @event.Tags)];
        _events.RemoveRange(0, count);
        return tags;
    }

    /// <summary>Of the first event that has this number or a higher one.</summary>
    private int IndexOf(long sequenceNr)
    {
        var (low, high) = (0, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _events[middle].SequenceNr >= sequenceNr ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
