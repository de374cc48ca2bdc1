namespace MeshNode.Persistence.Snapshots;

/// <summary>Keeps snapshots. All methods may be called after <see cref="StartAsync"/> from any thread and concurrently.</summary>
public interface ISnapshotStore : IAsyncDisposable
{
    /// <summary>As <see cref="Journal.IEventStore.StartAsync"/>; a class that is both starts once for both.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Of those that match (<see cref="SnapshotSelectionCriteria.IsMatch"/>) the one with the highest sequence number; null
    /// if there is none.
    /// </summary>
    Task<StoredSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);

    /// <summary>Saves durably, in place of one with the same id and sequence number.</summary>
    Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the one with this id, sequence number and timestamp, or with any timestamp if this one is
    /// <see cref="DateTime.MinValue"/>. Nothing to delete is no error.
    /// </summary>
    Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken);

    /// <summary>Deletes all that match.</summary>
    Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken);
}
