namespace MeshNode.Actors;

/// <summary>
/// A cell's children. Changed by the parent's run (for a guardian by any thread), read by any thread: hence the lock,
/// which nobody else wants in the common case. Most of very many children have no name of their own: they stand only in
/// an array, where each knows its place, and have a number that makes their name when it is asked for.
/// </summary>
internal sealed class ChildrenContainer
{
    /// <summary>Takes no child and holds none; for cells that end without ever having had one.</summary>
    public static readonly ChildrenContainer Closed = new() { _closed = true };

    private readonly Lock _lock = new();
    private LocalActorRef[] _children = [];
    private int _count;
    private Dictionary<string, LocalActorRef>? _named; // those whose name was given
    private Dictionary<LocalActorRef, ChildRestartStats>? _stats; // of those that failed; touched by the parent's run
    private HashSet<LocalActorRef>? _stopping;
    private long _nextNumber;
    private bool _closed;

    /// <summary>Adds the child that <paramref name="props"/> describe, unless the name is taken.</summary>
    /// <param name="name">Null for one of the kernel's choice.</param>
    public LocalActorRef Add(ActorCell parent, Props props, MessageDispatcher dispatcher, string? name)
    {
        lock (_lock)
        {
            if (_closed)
            {
                throw new InvalidOperationException("Cannot create children while terminating or terminated.");
            }

            if (name is not null && _named is not null && _named.ContainsKey(name))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            var child = parent.NewChild(props, dispatcher, name is null ? ChildName.Of(_nextNumber++) : ChildName.Of(name, parent.SystemImpl.NextUid()));
            if (name is not null)
            {
                (_named ??= new(StringComparer.Ordinal)).Add(name, child);
            }

            if (_count == _children.Length)
            {
                Array.Resize(ref _children, Math.Max(4, _count * 2));
            }

            child.PlaceAmongSiblings = _count;
            _children[_count++] = child;
            return child;
        }
    }

    public LocalActorRef? Find(string name)
    {
        lock (_lock)
        {
            if (_named is not null && _named.TryGetValue(name, out var named))
            {
                return named;
            }

            return ChildName.TryParseNumber(name, out var number) ? FindNumber(number) : null;
        }
    }

    public bool Contains(LocalActorRef child)
    {
        lock (_lock)
        {
            return IsHere(child);
        }
    }

    public LocalActorRef[] Snapshot()
    {
        lock (_lock)
        {
            return _children[.._count];
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
            if (IsHere(child))
            {
                (_stopping ??= []).Add(child);
            }
        }
    }

    public bool HasStopping
    {
        get
        {
            lock (_lock)
            {
                return _stopping is { Count: > 0 };
            }
        }
    }

    /// <summary>False when it is not (or no longer) a child.</summary>
    public bool Remove(LocalActorRef child)
    {
        lock (_lock)
        {
            if (!IsHere(child))
            {
                return false;
            }

            _stopping?.Remove(child);
            _stats?.Remove(child);
            if (child.ChildName.Given is { } name)
            {
                _named!.Remove(name);
            }

            var last = _children[--_count];
            _children[child.PlaceAmongSiblings] = last;
            last.PlaceAmongSiblings = child.PlaceAmongSiblings;
            _children[_count] = null!;
            if (_count == 0)
            {
                _children = [];
            }

            return true;
        }
    }

    /// <summary>The child's history of restarts, begun when first asked for.</summary>
    public ChildRestartStats StatsOf(LocalActorRef child)
    {
        lock (_lock)
        {
            _stats ??= [];
            if (!_stats.TryGetValue(child, out var stats))
            {
                _stats.Add(child, stats = new ChildRestartStats(child));
            }

            return stats;
        }
    }

    public ChildRestartStats[] AllStats() => [.. Snapshot().Select(StatsOf)];

    private bool IsHere(LocalActorRef child) =>
        child.PlaceAmongSiblings < _count && ReferenceEquals(_children[child.PlaceAmongSiblings], child);

    /// <summary>Looks through all: names of the kernel's choice are seldom looked up.</summary>
    private LocalActorRef? FindNumber(long number)
    {
        foreach (var child in _children.AsSpan(0, _count))
        {
            if (child.ChildName.IsNumber(number))
            {
                return child;
            }
        }

        return null;
    }
}
