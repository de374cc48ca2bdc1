using MeshNode.Actors;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence;

/// <summary>What an actor asks of the stores beside writing events; each is answered by a message to the actor.</summary>
internal sealed class StoreRequests(PersistenceExtension persistence, IActorRef self)
{
    /// <summary>Warns of a failure that the actor's code did not handle; false for other messages.</summary>
    public static bool LogFailure(ILoggingAdapter log, string persistenceId, object message)
    {
        var (cause, what) = message switch
        {
            SaveSnapshotFailure failure => (failure.Cause, $"Saving the snapshot {failure.Metadata}"),
            DeleteSnapshotFailure failure => (failure.Cause, $"Deleting the snapshot {failure.Metadata}"),
            DeleteSnapshotsFailure failure => (failure.Cause, $"Deleting the snapshots {failure.Criteria} of [{persistenceId}]"),
            DeleteMessagesFailure failure => (failure.Cause, $"Deleting the events of [{persistenceId}] up to {failure.ToSequenceNr}"),
            _ => default,
        };
        if (cause is not null)
        {
            log.Warning(cause, "{0} failed", what);
        }

        return cause is not null;
    }

    public void SaveSnapshot(SnapshotMetadata metadata, object snapshot)
    {
        StoredSnapshot stored;
        try
        {
            var (contract, payload) = persistence.Codec.Serialize(snapshot);
            stored = new StoredSnapshot(metadata, contract.Manifest, contract.Version, payload);
        }
        catch (Exception e)
        {
            self.Tell(new SaveSnapshotFailure(metadata, e), ActorRefs.NoSender);
            return;
        }

        OnSnapshots(store => store.SaveAsync(stored, CancellationToken.None), new SaveSnapshotSuccess(metadata), e => new SaveSnapshotFailure(metadata, e));
    }

    public void DeleteSnapshot(SnapshotMetadata metadata) => OnSnapshots(
        store => store.DeleteAsync(metadata, CancellationToken.None), new DeleteSnapshotSuccess(metadata), e => new DeleteSnapshotFailure(metadata, e));

    public void DeleteSnapshots(string persistenceId, SnapshotSelectionCriteria criteria) => OnSnapshots(
        store => store.DeleteAsync(persistenceId, criteria, CancellationToken.None),
        new DeleteSnapshotsSuccess(criteria),
        e => new DeleteSnapshotsFailure(criteria, e));

    public void DeleteEvents(string persistenceId, long toSequenceNr, long lastSequenceNr)
    {
        if (toSequenceNr != long.MaxValue && toSequenceNr > lastSequenceNr)
        {
            var cause = new ArgumentOutOfRangeException(nameof(toSequenceNr), toSequenceNr, $"The last sequence number is {lastSequenceNr}.");
            self.Tell(new DeleteMessagesFailure(cause, toSequenceNr), ActorRefs.NoSender);
            return;
        }

        _ = AnswerAsync(
            async () =>
            {
                await persistence.EventsStarted.ConfigureAwait(false);
                await persistence.Events.DeleteToAsync(persistenceId, toSequenceNr, CancellationToken.None).ConfigureAwait(false);
            },
            new DeleteMessagesSuccess(toSequenceNr),
            e => new DeleteMessagesFailure(e, toSequenceNr));
    }

    private void OnSnapshots(Func<ISnapshotStore, Task> work, object success, Func<Exception, object> failure) => _ = AnswerAsync(
        async () =>
        {
            var store = persistence.Snapshots ?? throw new InvalidOperationException(
                $"There is no snapshot store, and {persistence.Events.GetType()} is none: set PersistenceSetup.Snapshots.");
            await persistence.SnapshotsStarted.ConfigureAwait(false);
            await work(store).ConfigureAwait(false);
        },
        success,
        failure);

    private async Task AnswerAsync(Func<Task> work, object success, Func<Exception, object> failure)
    {
        object answer;
        try
        {
            await work().ConfigureAwait(false);
            answer = success;
        }
        catch (Exception e)
        {
            answer = failure(e);
        }

        self.Tell(answer, ActorRefs.NoSender);
    }
}
