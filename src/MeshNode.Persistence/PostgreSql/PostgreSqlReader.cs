using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Sql;
using Npgsql;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>Reads events, each time over a connection from the pool.</summary>
internal sealed class PostgreSqlReader(PostgreSqlDatabase database)
{
    /// <summary>A page ends after this many bytes of payloads, so that large events do not add up in memory.</summary>
    private const long MaxPageBytes = 4 << 20;

    private const string EventColumns = "j.sequence_nr, j.manifest, j.version, j.timestamp, j.tags, j.payload";

    private string HighestOf => $"""
        SELECT greatest(deleted_to, (SELECT max(sequence_nr) FROM {database.Table("journal")} j WHERE j.id = p.id))
        FROM {database.Table("persistence_ids")} p WHERE hash = $1
        """;

    /// <summary>Transactions below this have ended, and what they wrote is seen by the statement that asks.</summary>
    private string Settled => $"(SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + transaction_base FROM {database.Table("journal_state")})";

    /// <summary>See <see cref="IEventStore.ReadAsync"/>.</summary>
    public Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken) => database.ReadAsync(
        async (connection, cancellation) =>
        {
            var hash = PostgreSqlIds.Hash(persistenceId);
            var batch = connection.CreateBatch();
            await using (batch.ConfigureAwait(false))
            {
                var highestOf = new NpgsqlBatchCommand(HighestOf);
                highestOf.Parameters.Add(PostgreSqlDatabase.Value(hash));
                batch.BatchCommands.Add(highestOf);
                var range = new NpgsqlBatchCommand($"""
                    SELECT * FROM (
                        SELECT {EventColumns}, sum(octet_length(j.payload)) OVER (ORDER BY j.sequence_nr) - octet_length(j.payload) AS before
                        FROM {database.Table("journal")} j
                        WHERE id = (SELECT id FROM {database.Table("persistence_ids")} WHERE hash = $1) AND sequence_nr BETWEEN $2 AND $3
                        ORDER BY j.sequence_nr LIMIT $4) page
                    WHERE before < $5
                    """);
                range.Parameters.Add(PostgreSqlDatabase.Value(hash));
                range.Parameters.Add(PostgreSqlDatabase.Value(fromSequenceNr));
                range.Parameters.Add(PostgreSqlDatabase.Value(toSequenceNr));
                range.Parameters.Add(PostgreSqlDatabase.Value((long)max));
                range.Parameters.Add(PostgreSqlDatabase.Value(MaxPageBytes));
                batch.BatchCommands.Add(range);

                var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                await using (reader.ConfigureAwait(false))
                {
                    var highest = await reader.ReadAsync(cancellation).ConfigureAwait(false) ? reader.GetInt64(0) : 0;
                    await reader.NextResultAsync(cancellation).ConfigureAwait(false);
                    var events = new List<StoredEvent>();
                    var bytes = 0L;
                    while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
                    {
                        var storedEvent = Event(reader, persistenceId);
                        bytes += storedEvent.Payload.Length;
                        events.Add(storedEvent);
                    }

                    return new EventPage(events, highest, events.Count == max || bytes >= MaxPageBytes);
                }
            }
        },
        cancellationToken);

    /// <summary>See <see cref="IEventStore.ReadHighestSequenceNrAsync"/>.</summary>
    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, cancellation) => PostgreSqlDatabase.ScalarAsync<long>(connection, HighestOf, cancellation, PostgreSqlDatabase.Value(PostgreSqlIds.Hash(persistenceId))),
        cancellationToken);

    /// <summary>
    /// See <see cref="IEventStore.ReadByTagAsync"/>. Transactions get their numbers when they begin to write and commit in any
    /// order. Below the oldest that is still running nothing can appear any more, so reading ends there: a transaction that
    /// stays open, of whatever program on this server, holds readers back (<see cref="StuckTransactions"/> tells of it),
    /// and none is ever skipped.
    /// </summary>
    public Task<List<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, cancellation) => PostgreSqlDatabase.QueryAsync(
            connection,
            $"""
            SELECT {EventColumns}, t.transaction, t.ordinal, p.persistence_id
            FROM (
                SELECT * FROM {database.Table("journal_tags")}
                WHERE tag = $1 AND (transaction, ordinal) > ($2, $3) AND transaction < {Settled}
                ORDER BY transaction, ordinal LIMIT $4) t
            JOIN {database.Table("journal")} j ON j.id = t.id AND j.sequence_nr = t.sequence_nr
            JOIN {database.Table("persistence_ids")} p ON p.id = t.id
            ORDER BY t.transaction, t.ordinal
            """,
            row => Event(row, row.GetString(8)) with { Ordering = Offset.OfTransaction((ulong)row.GetInt64(6), row.GetInt32(7)) },
            cancellation,
            PostgreSqlDatabase.Value(tag),
            PostgreSqlDatabase.Value((long)after.Transaction),
            PostgreSqlDatabase.Value((int)Math.Min(after.Value, int.MaxValue)),
            PostgreSqlDatabase.Value((long)max)),
        cancellationToken);

    /// <summary>See <see cref="IEventStore.ReadHighestOffsetAsync"/>.</summary>
    public Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async (connection, cancellation) =>
        {
            var offsets = await PostgreSqlDatabase.QueryAsync(
                connection,
                $"SELECT transaction, ordinal FROM {database.Table("journal_tags")} WHERE transaction < {Settled} ORDER BY transaction DESC, ordinal DESC LIMIT 1",
                row => Offset.OfTransaction((ulong)row.GetInt64(0), row.GetInt32(1)),
                cancellation).ConfigureAwait(false);
            return offsets.Count > 0 ? offsets[0] : Offset.NoOffset();
        },
        cancellationToken);

    /// <summary>See <see cref="IEventStore.ReadPersistenceIdsAsync"/>.</summary>
    public Task<List<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, cancellation) => PostgreSqlDatabase.QueryAsync(
            connection,
            $"""
            SELECT persistence_id FROM {database.Table("persistence_ids")} p
            WHERE left(persistence_id, 600) >= left($1, 600) COLLATE "C" AND persistence_id > $1 COLLATE "C"
                AND (deleted_to > 0 OR EXISTS (SELECT 1 FROM {database.Table("journal")} j WHERE j.id = p.id))
            ORDER BY left(persistence_id, 600), persistence_id LIMIT $2
            """,
            row => row.GetString(0),
            cancellation,
            PostgreSqlDatabase.Value(after ?? ""),
            PostgreSqlDatabase.Value((long)max)),
        cancellationToken);

    private static StoredEvent Event(NpgsqlDataReader row, string persistenceId) => new(
        persistenceId,
        row.GetInt64(0),
        row.GetString(1),
        row.GetInt32(2),
        row.GetFieldValue<byte[]>(5),
        row.GetInt64(3),
        row.IsDBNull(4) ? [] : TagsJson.Read(row.GetString(4)));
}
