namespace MeshNode.Rtc.Sctp;

/// <summary>Objects of one kind that wait to be used again. Knows how many of them nobody needed since it was last trimmed.</summary>
internal sealed class PooledStack<T>(int limit)
{
    private readonly Stack<T> _items = new();
    private int _leastCount;

    public int Count => _items.Count;

    public bool TryPop(out T item)
    {
        if (!_items.TryPop(out item!))
        {
            return false;
        }

        _leastCount = Math.Min(_leastCount, _items.Count);
        return true;
    }

    /// <summary>False at the limit; the object is then nobody's.</summary>
    public bool TryPush(T item)
    {
        if (_items.Count >= limit)
        {
            return false;
        }

        _items.Push(item);
        return true;
    }

    /// <summary>Gives up what was never needed since the last call; returns how many those were.</summary>
    public int Trim()
    {
        var unused = _leastCount;
        for (var i = 0; i < unused; i++)
        {
            _items.Pop();
        }

        if (unused > 0)
        {
            _items.TrimExcess();
        }

        _leastCount = _items.Count;
        return unused;
    }
}
