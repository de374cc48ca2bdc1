using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Sqlite;

/// <summary>What changes the snapshots, each in one transaction of the journal's. Touched only by the writer's thread.</summary>
internal sealed class SqliteSnapshots(SqliteDatabase database, SqliteIds ids, SqliteJournal journal)
{
    private readonly SqliteStatement _save = database.Prepare(
        "INSERT OR REPLACE INTO snapshots (id, sequence_nr, timestamp, manifest, version, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly SqliteStatement _delete = database.Prepare(
        "DELETE FROM snapshots WHERE id = ?1 AND sequence_nr BETWEEN ?2 AND ?3 AND timestamp BETWEEN ?4 AND ?5");

    /// <summary>See <see cref="ISnapshotStore.SaveAsync"/>.</summary>
    public bool Save(StoredSnapshot snapshot) => journal.Transact(() =>
    {
        var (id, sequenceNr, timestamp) = snapshot.Metadata;
        _save.Bind(1, ids.GetOrAdd(id).Id).Bind(2, sequenceNr).Bind(3, timestamp.Ticks).Bind(4, snapshot.Manifest)
            .Bind(5, snapshot.Version).Bind(6, snapshot.Payload.Span).Run();
        return true;
    });

    /// <summary>Deletes those that match; nothing for an id that was never seen.</summary>
    public bool Delete(string persistenceId, SnapshotSelectionCriteria criteria) => journal.Transact(() =>
    {
        if (ids.Find(persistenceId) is { } actor)
        {
            _delete.Bind(1, actor.Id).Bind(2, criteria.MinSequenceNr).Bind(3, criteria.MaxSequenceNr)
                .Bind(4, criteria.MinTimestamp?.Ticks ?? 0).Bind(5, criteria.MaxTimeStamp.Ticks).Run();
        }

        return true;
    });
}
