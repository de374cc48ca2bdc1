using MeshNode.Actors;
using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Query;

/// <summary>Lets one live query sleep until something may have been committed: here, or elsewhere within the refresh interval.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly PersistenceExtension _persistence;
    private readonly CommitSignals.Topic _topic;
    private readonly string _key;
    private readonly CommitSignal? _signal;
    private readonly CancellationTokenSource _cancellation;

    public WakeUp(PersistenceExtension persistence, CommitSignals.Topic topic, string key, bool isLive, CancellationToken cancellationToken)
    {
        _persistence = persistence;
        _topic = topic;
        _key = key;
        _signal = isLive ? persistence.Signals.Use(topic, key) : null;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, persistence.Stopping);
    }

    /// <summary>Cancelled by the query's consumer, or by the end of the system.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Take it before reading, and wait for it when nothing was read.</summary>
    public Task Next => _signal?.Next ?? Task.CompletedTask;

    public async Task WaitAsync(Task next)
    {
        var poll = new Cancelable(_persistence.System.Scheduler);
        _persistence.System.Scheduler.Advanced.ScheduleOnce(_persistence.Settings.QueryRefreshInterval, _signal!.Pulse, poll);
        try
        {
            await next.WaitAsync(Token).ConfigureAwait(false);
        }
        finally
        {
            poll.Cancel();
        }
    }

    public void Dispose()
    {
        if (_signal is not null)
        {
            _persistence.Signals.Release(_topic, _key);
        }

        _cancellation.Dispose();
    }
}
