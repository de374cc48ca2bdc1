using MeshNode.Rtc;

namespace MeshNode.SimNet.Simulation;

/// <summary>What is to happen when, in virtual time; what is due at one moment happens in the order of its planning.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long, long)> _entries = new();
    private long _order;

    public MonotonicTime? Next => _entries.TryPeek(out _, out var key) ? new MonotonicTime(key.Item1) : null;

    public void Add(MonotonicTime at, Action action) => _entries.Enqueue(action, (at.Ticks, _order++));

    public void RunDue(MonotonicTime now)
    {
        while (_entries.TryPeek(out var action, out var key) && key.Item1 <= now.Ticks)
        {
            _entries.Dequeue();
            action();
        }
    }

    public void Clear() => _entries.Clear();
}
