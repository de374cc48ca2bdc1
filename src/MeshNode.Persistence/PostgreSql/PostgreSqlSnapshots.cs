using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>Keeps snapshots.</summary>
internal sealed class PostgreSqlSnapshots(PostgreSqlDatabase database, PostgreSqlIds ids)
{
    private string OfActor => $"id = (SELECT id FROM {database.Table("persistence_ids")} WHERE hash = $1)";

    /// <summary>See <see cref="ISnapshotStore.LoadAsync"/>.</summary>
    public async Task<StoredSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            (connection, cancellation) => PostgreSqlDatabase.QueryAsync(
                connection,
                $"""
                SELECT sequence_nr, timestamp, manifest, version, payload FROM {database.Table("snapshots")}
                WHERE {OfActor} AND sequence_nr BETWEEN $2 AND $3 AND timestamp BETWEEN $4 AND $5
                ORDER BY sequence_nr DESC LIMIT 1
                """,
                row => new StoredSnapshot(
                    new SnapshotMetadata(persistenceId, row.GetInt64(0), new DateTime(row.GetInt64(1), DateTimeKind.Utc)),
                    row.GetString(2),
                    row.GetInt32(3),
                    row.GetFieldValue<byte[]>(4)),
                cancellation,
                Match(persistenceId, criteria)),
            cancellationToken).ConfigureAwait(false);
        return found.Count > 0 ? found[0] : null;
    }

    /// <summary>See <see cref="ISnapshotStore.SaveAsync"/>.</summary>
    public async Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        var (persistenceId, sequenceNr, timestamp) = snapshot.Metadata;
        var numbers = await ids.GetOrAddAsync([persistenceId], cancellationToken).ConfigureAwait(false);
        await database.TransactAsync(
            async (connection, cancellation) =>
            {
                await PostgreSqlDatabase.ExecuteAsync(
                    connection,
                    $"""
                    INSERT INTO {database.Table("snapshots")} (id, sequence_nr, timestamp, manifest, version, payload) VALUES ($1, $2, $3, $4, $5, $6)
                    ON CONFLICT (id, sequence_nr) DO UPDATE SET timestamp = excluded.timestamp, manifest = excluded.manifest,
                        version = excluded.version, payload = excluded.payload
                    """,
                    cancellation,
                    PostgreSqlDatabase.Value(numbers[persistenceId]),
                    PostgreSqlDatabase.Value(sequenceNr),
                    PostgreSqlDatabase.Value(timestamp.Ticks),
                    PostgreSqlDatabase.Value(snapshot.Manifest),
                    PostgreSqlDatabase.Value(snapshot.Version),
                    PostgreSqlDatabase.Value(snapshot.Payload)).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes those that match.</summary>
    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) => database.TransactAsync(
        async (connection, cancellation) =>
        {
            await PostgreSqlDatabase.ExecuteAsync(
                connection,
                $"DELETE FROM {database.Table("snapshots")} WHERE {OfActor} AND sequence_nr BETWEEN $2 AND $3 AND timestamp BETWEEN $4 AND $5",
                cancellation,
                Match(persistenceId, criteria)).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private static Npgsql.NpgsqlParameter[] Match(string persistenceId, SnapshotSelectionCriteria criteria) =>
    [
        PostgreSqlDatabase.Value(PostgreSqlIds.Hash(persistenceId)),
        PostgreSqlDatabase.Value(criteria.MinSequenceNr),
        PostgreSqlDatabase.Value(criteria.MaxSequenceNr),
        PostgreSqlDatabase.Value(criteria.MinTimestamp?.Ticks ?? 0),
        PostgreSqlDatabase.Value(criteria.MaxTimeStamp.Ticks),
    ];
}
