namespace MeshNode.Persistence.Journal;

/// <summary>Tells live queries of this process what was committed here. Costs a commit nothing while there is no query.</summary>
internal sealed class CommitSignals
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(Topic Topic, string Key), CommitSignal> _signals = [];
    private volatile bool _isUsed;

    internal enum Topic
    {
        PersistenceId,
        Tag,
        NewPersistenceId,
    }

    /// <summary>Signals that some query uses.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _signals.Count;
            }
        }
    }

    public CommitSignal Use(Topic topic, string key)
    {
        lock (_lock)
        {
            if (!_signals.TryGetValue((topic, key), out var signal))
            {
                _signals.Add((topic, key), signal = new CommitSignal());
            }

            signal.Users++;
            _isUsed = true;
            return signal;
        }
    }

    public void Release(Topic topic, string key)
    {
        lock (_lock)
        {
            if (_signals.TryGetValue((topic, key), out var signal) && --signal.Users == 0)
            {
                _signals.Remove((topic, key));
                _isUsed = _signals.Count > 0;
            }
        }
    }

    public void Committed(List<AtomicWrite> writes, WriteResult[] results)
    {
        if (!_isUsed)
        {
            return;
        }

        HashSet<CommitSignal> due = [];
        lock (_lock)
        {
            for (var index = 0; index < results.Length; index++)
            {
                if (results[index].Outcome == WriteOutcome.Written)
                {
                    Find(writes[index], due);
                }
            }
        }

        foreach (var signal in due)
        {
            signal.Pulse();
        }
    }

    private void Find(AtomicWrite write, HashSet<CommitSignal> due)
    {
        Add((Topic.PersistenceId, write.PersistenceId), due);
        if (write.FirstSequenceNr == 1)
        {
            Add((Topic.NewPersistenceId, string.Empty), due);
        }

        foreach (var @event in write.Events)
        {
            foreach (var tag in @event.Tags)
            {
                Add((Topic.Tag, tag), due);
            }
        }
    }

    private void Add((Topic Topic, string Key) key, HashSet<CommitSignal> due)
    {
        if (_signals.TryGetValue(key, out var signal))
        {
            due.Add(signal);
        }
    }
}
