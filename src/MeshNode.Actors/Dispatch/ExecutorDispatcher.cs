using System.Collections.Concurrent;

namespace MeshNode.Actors;

/// <summary>
/// Runs actors wherever an executor runs what it is given, such as an event loop's thread: actors of one
/// such dispatcher never run at the same time if the executor runs one action at a time. Hands over one action for all
/// that became ready since the last one began, and allocates nothing for it.
/// </summary>
public sealed class ExecutorDispatcher : MessageDispatcher
{
    private readonly ConcurrentQueue<IRunnable> _ready = new();
    private readonly Action<Action> _execute;
    private readonly Action _runReady;
    private int _handedOver;

    /// <param name="id">The dispatcher's id.</param>
    /// <param name="execute">Queues an action; called by any thread.</param>
    public ExecutorDispatcher(string id, Action<Action> execute)
        : base(id)
    {
        ArgumentNullException.ThrowIfNull(execute);
        _execute = execute;
        _runReady = RunReady;
    }

    protected override void ExecuteTask(IRunnable run)
    {
        // Asked before it is queued: a refusal then leaves nothing behind that might run after all.
        HandOver();
        _ready.Enqueue(run);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _handedOver) == 0)
        {
            HandOver(); // the one before may have begun without it
        }
    }

    private void HandOver()
    {
        if (Interlocked.Exchange(ref _handedOver, 1) != 0)
        {
            return;
        }

        try
        {
            _execute(_runReady);
        }
        catch
        {
            Interlocked.Exchange(ref _handedOver, 0);
            throw;
        }
    }

    private void RunReady()
    {
        // What becomes ready while these run waits for the next action, so that the loop's other work gets its turn.
        Interlocked.Exchange(ref _handedOver, 0);
        for (var left = _ready.Count; left > 0 && _ready.TryDequeue(out var run); left--)
        {
            run.Run();
        }

        if (!_ready.IsEmpty)
        {
            HandOver();
        }
    }
}
