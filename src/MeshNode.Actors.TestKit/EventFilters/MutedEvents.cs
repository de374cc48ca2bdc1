namespace MeshNode.Actors.TestKit;

/// <summary>Conditions on what the test's output leaves out. Any thread.</summary>
internal sealed class MutedEvents
{
    private readonly Lock _lock = new();
    private readonly List<IReadOnlyList<EventCondition>> _conditions = [];

    public bool Contains(object @event)
    {
        lock (_lock)
        {
            return _conditions.Any(any => any.Any(condition => condition.Matches(@event)));
        }
    }

    public IUnmutableFilter Add(IReadOnlyList<EventCondition> conditions)
    {
        lock (_lock)
        {
            _conditions.Add(conditions);
        }

        return new Entry(this, conditions);
    }

    private sealed class Entry(MutedEvents muted, IReadOnlyList<EventCondition> conditions) : IUnmutableFilter
    {
        public void Unmute()
        {
            lock (muted._lock)
            {
                muted._conditions.Remove(conditions);
            }
        }

        public void Dispose() => Unmute();
    }
}
