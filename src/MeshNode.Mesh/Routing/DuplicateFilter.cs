using MeshNode.Rtc;

namespace MeshNode.Mesh.Routing;

/// <summary>
/// Remembers keys for a time, so that what comes a second time is known. Bounded: when it is full the oldest key is
/// forgotten early and counted. Used from one thread.
/// </summary>
/// <param name="window">How long a key is remembered; longer than the longest retry of what it names.</param>
/// <param name="capacity">Keys at most, 1 or more.</param>
public sealed class DuplicateFilter<TKey>(TimeSpan window, int capacity)
    where TKey : notnull
{
    private readonly HashSet<TKey> _keys = [];
    private readonly Queue<(TKey Key, MonotonicTime Expiry)> _order = new();

    public int Count => _keys.Count;

    /// <summary>Keys that were forgotten before their time because the filter was full.</summary>
    public long Evicted { get; private set; }

    /// <summary>True the first time within the window; false for a duplicate, which does not renew it.</summary>
    public bool TryAdd(MonotonicTime now, TKey key)
    {
        Expire(now);
        if (!_keys.Add(key))
        {
            return false;
        }

        if (_order.Count >= capacity)
        {
            _keys.Remove(_order.Dequeue().Key);
            Evicted++;
        }

        _order.Enqueue((key, now + window));
        return true;
    }

    public bool Contains(MonotonicTime now, TKey key)
    {
        Expire(now);
        return _keys.Contains(key);
    }

    private void Expire(MonotonicTime now)
    {
        while (_order.TryPeek(out var oldest) && oldest.Expiry <= now)
        {
            _keys.Remove(_order.Dequeue().Key);
        }
    }
}
