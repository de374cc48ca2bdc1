using MeshNode.Actors;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Journal;

/// <summary>
/// Reads what one actor recovers from, and tells it. Two pages at most are told and not yet handled and one more is read
/// ahead, so that a million events never stand in memory together.
/// </summary>
internal sealed class RecoveryReader(
    PersistenceExtension persistence, string persistenceId, string snapshotterId, Recovery recovery, IActorRef actor) : IDisposable
{
    private const int PagesUnderWay = 2;

    private readonly SemaphoreSlim _credit = new(PagesUnderWay);
    private volatile bool _isCancelled;

    public void Start() => _ = RunAsync();

    /// <summary>The actor has handled a page.</summary>
    public void Handled() => _credit.Release();

    /// <summary>Nothing more is told, at the latest after the page that is being read.</summary>
    public void Dispose()
    {
        _isCancelled = true;
        _credit.Release(); // not disposed: the loop may be waiting for it
    }

    private async Task RunAsync()
    {
        try
        {
            // An earlier incarnation's writes may be on their way: they count.
            await persistence.Batcher.WhenAnswered().ConfigureAwait(false);
            var fromSequenceNr = await ReadSnapshotAsync().ConfigureAwait(false) + 1;
            await ReadEventsAsync(fromSequenceNr).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Tell(new RecoveryMessage.Failed(this, e));
        }
    }

    private async Task<long> ReadSnapshotAsync()
    {
        StoredSnapshot? snapshot = null;
        var criteria = recovery.FromSnapshot.Limit(recovery.ToSequenceNr);
        if (persistence.Snapshots is { } store && !criteria.MatchesNothing)
        {
            try
            {
                await persistence.SnapshotsStarted.ConfigureAwait(false);
                snapshot = await store.LoadAsync(snapshotterId, criteria, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception e) when (persistence.Settings.SnapshotIsOptional)
            {
                persistence.Log.Warning(e, "The snapshot of [{0}] could not be read: recovering from its events alone", persistenceId);
            }
        }

        Tell(new RecoveryMessage.SnapshotRead(this, snapshot));
        return snapshot?.Metadata.SequenceNr ?? 0;
    }

    private async Task ReadEventsAsync(long fromSequenceNr)
    {
        await persistence.EventsStarted.ConfigureAwait(false);
        var to = recovery.ToSequenceNr;
        var left = recovery.ReplayMax;
        if (fromSequenceNr > to || left <= 0)
        {
            var highest = await persistence.Events.ReadHighestSequenceNrAsync(persistenceId, CancellationToken.None).ConfigureAwait(false);
            Tell(new RecoveryMessage.EventsRead(this, [], highest, isLast: true));
            return;
        }

        for (var isLast = false; !isLast && !_isCancelled;)
        {
            var max = (int)Math.Min(left, persistence.Settings.ReplayPageSize);
            var page = await persistence.Events.ReadAsync(persistenceId, fromSequenceNr, to, max, CancellationToken.None).ConfigureAwait(false);
            left -= page.Events.Count;
            isLast = !page.HasMore || left <= 0;
            await _credit.WaitAsync().ConfigureAwait(false);
            Tell(new RecoveryMessage.EventsRead(this, page.Events, page.HighestSequenceNr, isLast));
            if (!isLast)
            {
                fromSequenceNr = page.Events[^1].SequenceNr + 1;
            }
        }
    }

    private void Tell(RecoveryMessage message)
    {
        if (!_isCancelled)
        {
            actor.Tell(message, ActorRefs.NoSender);
        }
    }
}
