using System.Globalization;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Sql;
using Npgsql;
using NpgsqlTypes;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>
/// Writes events. READ COMMITTED is enough, because whatever a write depends on is locked before it is read, and each
/// statement sees what was committed before it began:
/// <list type="number">
/// <item>the rows of its persistence ids (<c>FOR NO KEY UPDATE</c>), so that the highest numbers, read by the next
/// statement, stay the highest until the commit;</item>
/// <item>the rows of its fences (<c>FOR SHARE</c>): raising one waits for us, and when we had to wait for a raise, the row
/// comes back as it left it.</item>
/// </list>
/// Both are locked in one order (ids by number, then fences by name), so writers never wait in a circle.
/// </summary>
internal sealed class PostgreSqlJournal(PostgreSqlDatabase database, PostgreSqlIds ids)
{
    private const int Attempts = 3;

    private readonly PostgreSqlCommit _commit = new(database);

    /// <summary>A write that may be stored, with the number of its id.</summary>
    private readonly record struct Candidate(int Index, AtomicWrite Write, long Id);

    /// <summary>What the transaction found under its locks.</summary>
    /// <param name="Fences">Epochs by name.</param>
    /// <param name="Highest">By id, a number up to which all are taken, and which is the highest where that is not below the first to be written.</param>
    /// <param name="TransactionId">Of <c>pg_current_xact_id()</c>.</param>
    /// <param name="TransactionBase">See the schema.</param>
    private sealed record Standing(Dictionary<string, long> Fences, Dictionary<long, long> Highest, ulong TransactionId, long TransactionBase);

    /// <summary>See <see cref="IEventStore.WriteAsync"/>.</summary>
    /// <exception cref="CommitUnknownException">Nobody can know whether it was written.</exception>
    public async Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        var rejections = new string?[writes.Count];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < rejections.Length; i++)
        {
            rejections[i] = EventRules.Reject(writes[i], database.Options.MaxPayloadBytes);
            if (rejections[i] is null || EventRules.RejectId(writes[i].PersistenceId) is null)
            {
                names.Add(writes[i].PersistenceId);
            }
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var numbers = await ids.GetOrAddAsync(names, cancellationToken).ConfigureAwait(false);
                return await database.RunAsync((connection, cancellation) => WriteAsync(connection, writes, rejections, numbers, cancellation), cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresException exception) when (attempt < Attempts && MayRunAgain(exception.SqlState))
            {
                // Rolled back as a whole. Now it will see what it ran into.
            }
            catch (ForgottenIdException) when (attempt < Attempts)
            {
                ids.Forget();
            }
        }
    }

    /// <summary>See <see cref="IEventStore.DeleteToAsync"/>.</summary>
    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => database.TransactAsync(
        async (connection, cancellation) =>
        {
            var id = await PostgreSqlDatabase.ScalarAsync<long>(
                connection,
                $"SELECT id FROM {database.Table("persistence_ids")} WHERE hash = $1 FOR NO KEY UPDATE",
                cancellation,
                PostgreSqlDatabase.Value(PostgreSqlIds.Hash(persistenceId))).ConfigureAwait(false);
            await PostgreSqlDatabase.ExecuteAsync(
                connection,
                $"""
                UPDATE {database.Table("persistence_ids")} SET deleted_to = greatest(deleted_to, least($2,
                    (SELECT coalesce(max(sequence_nr), 0) FROM {database.Table("journal")} WHERE id = $1))) WHERE id = $1
                """,
                cancellation,
                PostgreSqlDatabase.Value(id),
                PostgreSqlDatabase.Value(toSequenceNr)).ConfigureAwait(false);
            await DeleteFromAsync(connection, "journal_tags", id, toSequenceNr, cancellation).ConfigureAwait(false);
            await DeleteFromAsync(connection, "journal", id, toSequenceNr, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private Task DeleteFromAsync(NpgsqlConnection connection, string table, long id, long toSequenceNr, CancellationToken cancellationToken) =>
        PostgreSqlDatabase.ExecuteAsync(
            connection,
            $"DELETE FROM {database.Table(table)} WHERE id = $1 AND sequence_nr <= $2",
            cancellationToken,
            PostgreSqlDatabase.Value(id),
            PostgreSqlDatabase.Value(toSequenceNr));

    /// <summary>A deadlock, a conflict of serialization, or a number that somebody took who does not lock as we do.</summary>
    private static bool MayRunAgain(string state) =>
        state is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation;

    private async Task<WriteResult[]> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<AtomicWrite> writes, string?[] rejections, Dictionary<string, long> numbers, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            var standing = await LockAsync(connection, writes, numbers, cancellationToken).ConfigureAwait(false);
            var (results, accepted) = Decide(writes, rejections, numbers, standing);
            if (accepted.Count == 0)
            {
                return results; // disposing rolls back what is only locks
            }

            await CopyAsync(connection, accepted, cancellationToken).ConfigureAwait(false);
            await CopyTagsAsync(connection, accepted, standing, cancellationToken).ConfigureAwait(false);
            var last = accepted[^1];
            await _commit.CommitAsync(transaction, standing.TransactionId, last.Id, last.Write.LastSequenceNr).ConfigureAwait(false);
            return results;
        }
    }

    /// <summary>Locks what the writes depend on and reads how it stands, in one round trip.</summary>
    private async Task<Standing> LockAsync(
        NpgsqlConnection connection, IReadOnlyList<AtomicWrite> writes, Dictionary<string, long> numbers, CancellationToken cancellationToken)
    {
        var fences = writes.Where(write => write.Fence is not null).Select(write => write.Fence!.Value).Distinct().ToArray();
        var batch = connection.CreateBatch();
        await using (batch.ConfigureAwait(false))
        {
            void Add(string sql, params NpgsqlParameter[] parameters)
            {
                var command = new NpgsqlBatchCommand(sql);
                command.Parameters.AddRange(parameters);
                batch.BatchCommands.Add(command);
            }

            var firsts = FirstsOf(writes, numbers);
            var wanted = firsts.Keys.ToArray();
            Add(PostgreSqlDatabase.Durable);
            Add($"SELECT id, deleted_to FROM {database.Table("persistence_ids")} WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", PostgreSqlDatabase.Value(wanted));
            var untouched = fences.Where(fence => fence.Epoch == 0).Select(fence => fence.Name).Order(StringComparer.Ordinal).ToArray();
            if (untouched.Length > 0)
            {
                // A fence that was never raised stands at 0, and needs a row to be locked.
                Add($"INSERT INTO {database.Table("fences")} SELECT unnest($1), 0 ON CONFLICT (name) DO NOTHING", PostgreSqlDatabase.Value(untouched));
            }

            var fenceNames = fences.Select(fence => fence.Name).Distinct(StringComparer.Ordinal).ToArray();
            Add($"SELECT name, epoch FROM {database.Table("fences")} WHERE name = ANY($1) ORDER BY name FOR SHARE", PostgreSqlDatabase.Value(fenceNames));
            // Only from the first number to be written on: there is nothing, as a rule, where the highest of all would have the
            // index read a page of entries for each id (16 us instead of 1).
            Add($"""
                SELECT w.id, j.highest FROM unnest($1, $2) AS w (id, first)
                CROSS JOIN LATERAL (SELECT max(sequence_nr) AS highest FROM {database.Table("journal")} WHERE id = w.id AND sequence_nr >= w.first) j
                WHERE j.highest IS NOT NULL
                """, PostgreSqlDatabase.Value(wanted), PostgreSqlDatabase.Value(firsts.Values.ToArray()));
            Add($"SELECT pg_current_xact_id()::text, transaction_base, current_setting('synchronous_commit') FROM {database.Table("journal_state")}");

            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await ReadStandingAsync(reader, wanted.Length, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>By number of the id, in that order, the lowest number that is to be written.</summary>
    private static SortedDictionary<long, long> FirstsOf(IReadOnlyList<AtomicWrite> writes, Dictionary<string, long> numbers)
    {
        var firsts = new SortedDictionary<long, long>();
        foreach (var write in writes)
        {
            if (numbers.TryGetValue(write.PersistenceId, out var id))
            {
                var first = write.Events.Count > 0 ? write.FirstSequenceNr : long.MaxValue;
                firsts[id] = Math.Min(first, firsts.GetValueOrDefault(id, long.MaxValue));
            }
        }

        return firsts;
    }

    private async Task<Standing> ReadStandingAsync(NpgsqlDataReader reader, int wantedIds, CancellationToken cancellationToken)
    {
        // Results without rows (settings, inserts) are passed over by the reader.
        var highest = new Dictionary<long, long>(wantedIds);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            highest.Add(reader.GetInt64(0), reader.GetInt64(1));
        }

        if (highest.Count != wantedIds)
        {
            throw new ForgottenIdException(database.Where);
        }

        var fences = new Dictionary<string, long>(StringComparer.Ordinal);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            fences.Add(reader.GetString(0), reader.GetInt64(1));
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            highest[reader.GetInt64(0)] = reader.GetInt64(1);
        }

        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var durable = reader.GetString(2);
        if (durable != "on")
        {
            throw new InvalidOperationException($"{database.Where} commits with synchronous_commit={durable}: durable is only on.");
        }

        return new Standing(fences, highest, ulong.Parse(reader.GetString(0), CultureInfo.InvariantCulture), reader.GetInt64(1));
    }

    private static (WriteResult[] Results, List<Candidate> Accepted) Decide(
        IReadOnlyList<AtomicWrite> writes, string?[] rejections, Dictionary<string, long> numbers, Standing standing)
    {
        var results = new WriteResult[writes.Count];
        var accepted = new List<Candidate>(writes.Count);
        Dictionary<string, WriteResult>? stale = null; // by persistence id
        for (var i = 0; i < results.Length; i++)
        {
            var write = writes[i];
            if (stale?.TryGetValue(write.PersistenceId, out results[i]) == true)
            {
                continue;
            }

            if (write.Fence is { } fence && standing.Fences.GetValueOrDefault(fence.Name) is var epoch && epoch != fence.Epoch)
            {
                results[i] = WriteRefusal.Fenced(fence, epoch);
            }
            else if (numbers.TryGetValue(write.PersistenceId, out var id) && write.Events.Count > 0 && write.FirstSequenceNr <= standing.Highest[id])
            {
                results[i] = WriteRefusal.Taken(write, standing.Highest[id]);
            }
            else if (rejections[i] is { } reason)
            {
                results[i] = WriteRefusal.Rejected(reason);
                continue;
            }
            else
            {
                standing.Highest[id] = write.LastSequenceNr;
                accepted.Add(new Candidate(i, write, id));
                continue;
            }

            (stale ??= new(StringComparer.Ordinal)).Add(write.PersistenceId, results[i]);
        }

        return (results, accepted);
    }

    private async Task CopyAsync(NpgsqlConnection connection, List<Candidate> accepted, CancellationToken cancellationToken)
    {
        var import = await connection.BeginBinaryImportAsync(
            $"COPY {database.Table("journal")} (id, sequence_nr, manifest, version, timestamp, tags, payload) FROM STDIN (FORMAT binary)",
            cancellationToken).ConfigureAwait(false);
        await using (import.ConfigureAwait(false))
        {
            foreach (var (_, write, id) in accepted)
            {
                foreach (var storedEvent in write.Events)
                {
                    await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
                    await import.WriteAsync(id, cancellationToken).ConfigureAwait(false);
                    await import.WriteAsync(storedEvent.SequenceNr, cancellationToken).ConfigureAwait(false);
                    await import.WriteAsync(storedEvent.Manifest, cancellationToken).ConfigureAwait(false);
                    await import.WriteAsync(storedEvent.Version, cancellationToken).ConfigureAwait(false);
                    await import.WriteAsync(storedEvent.Timestamp, cancellationToken).ConfigureAwait(false);
                    if (TagsJson.Write(storedEvent.Tags) is { } tags)
                    {
                        await import.WriteAsync(tags, NpgsqlDbType.Jsonb, cancellationToken).ConfigureAwait(false);
                    }
                    else
                    {
                        await import.WriteNullAsync(cancellationToken).ConfigureAwait(false);
                    }

                    await import.WriteAsync(storedEvent.Payload, NpgsqlDbType.Bytea, cancellationToken).ConfigureAwait(false);
                }
            }

            await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task CopyTagsAsync(NpgsqlConnection connection, List<Candidate> accepted, Standing standing, CancellationToken cancellationToken)
    {
        if (!accepted.Exists(candidate => candidate.Write.Events.Any(storedEvent => storedEvent.Tags.Count > 0)))
        {
            return;
        }

        var import = await connection.BeginBinaryImportAsync(
            $"COPY {database.Table("journal_tags")} (tag, transaction, ordinal, id, sequence_nr) FROM STDIN (FORMAT binary)", cancellationToken).ConfigureAwait(false);
        await using (import.ConfigureAwait(false))
        {
            var transaction = (long)standing.TransactionId + standing.TransactionBase;
            var ordinal = 0;
            foreach (var (_, write, id) in accepted)
            {
                foreach (var storedEvent in write.Events)
                {
                    ordinal++;
                    foreach (var tag in storedEvent.Tags)
                    {
                        await import.StartRowAsync(cancellationToken).ConfigureAwait(false);
                        await import.WriteAsync(tag, cancellationToken).ConfigureAwait(false);
                        await import.WriteAsync(transaction, cancellationToken).ConfigureAwait(false);
                        await import.WriteAsync(ordinal, cancellationToken).ConfigureAwait(false);
                        await import.WriteAsync(id, cancellationToken).ConfigureAwait(false);
                        await import.WriteAsync(storedEvent.SequenceNr, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            await import.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A number that we remember is not in the database: it was replaced by another one.</summary>
    private sealed class ForgottenIdException(string where) : Exception($"{where}: the persistence ids are not those that were there at first; was the database replaced?");
}
