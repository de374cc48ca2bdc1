namespace MeshNode.Actors;

/// <summary>
/// A cell's children by name. Changed by the parent's run (for a guardian by any thread), read by any thread: hence the
/// lock, which nobody else wants in the common case.
/// </summary>
internal sealed class ChildrenContainer
{
    /// <summary>Takes no child and holds none; for cells that end without ever having had one.</summary>
    public static readonly ChildrenContainer Closed = new() { _closed = true };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LocalActorRef> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<LocalActorRef, ChildRestartStats> _stats = []; // of those that failed; touched by the parent's run
    private readonly HashSet<LocalActorRef> _stopping = [];
    private long _nextName;
    private bool _closed;

    /// <summary>Adds the child that <paramref name="create"/> makes, unless the name is taken.</summary>
    public LocalActorRef Add(string? name, Func<string, LocalActorRef> create)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new InvalidOperationException("Cannot create children while terminating or terminated.");
            }

            name ??= NextName();
            if (_byName.ContainsKey(name))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            var child = create(name);
            _byName.Add(name, child);
            return child;
        }
    }

    public LocalActorRef? Find(string name)
    {
        lock (_lock)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    public bool Contains(LocalActorRef child) => ReferenceEquals(Find(child.Name), child);

    public LocalActorRef[] Snapshot()
    {
        lock (_lock)
        {
            return [.. _byName.Values];
        }
    }

    /// <summary>No more children can be added.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
        }
    }

    /// <summary>Notes that the parent waits for this child's end before it goes on.</summary>
    public void MarkStopping(LocalActorRef child)
    {
        lock (_lock)
        {
            if (_byName.TryGetValue(child.Name, out var known) && ReferenceEquals(known, child))
            {
                _stopping.Add(child);
            }
        }
    }

    public bool HasStopping
    {
        get
        {
            lock (_lock)
            {
                return _stopping.Count > 0;
            }
        }
    }

    /// <summary>False when it is not (or no longer) a child.</summary>
    public bool Remove(LocalActorRef child)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(child.Name, out var known) || !ReferenceEquals(known, child))
            {
                return false;
            }

            _stopping.Remove(child);
            _stats.Remove(child);
            return _byName.Remove(child.Name);
        }
    }

    /// <summary>The child's history of restarts, begun when first asked for.</summary>
    public ChildRestartStats StatsOf(LocalActorRef child)
    {
        lock (_lock)
        {
            if (!_stats.TryGetValue(child, out var stats))
            {
                _stats.Add(child, stats = new ChildRestartStats(child));
            }

            return stats;
        }
    }

    public ChildRestartStats[] AllStats() => [.. Snapshot().Select(StatsOf)];

    /// <summary>$a, $b, … in base 64, as Akka names them.</summary>
    private string NextName()
    {
        const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        Span<char> name = stackalloc char[12];
        var length = 0;
        name[length++] = '$';
        var number = _nextName++;
        do
        {
            name[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(name[..length]);
    }
}
