using System.Globalization;
using Npgsql;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>
/// Commits, and finds out what became of a commit whose answer was lost. Before the COMMIT is sent a lost connection means that
/// the transaction is rolled back; after it, only the server knows: we ask it over another connection for what the
/// transaction wrote.
/// </summary>
internal sealed class PostgreSqlCommit(PostgreSqlDatabase database)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Returns when the transaction is durable.</summary>
    /// <param name="transaction">Open, with everything written.</param>
    /// <param name="transactionId">Of <c>pg_current_xact_id()</c>.</param>
    /// <param name="id">Of the persistence id of an event that the transaction has written.</param>
    /// <param name="sequenceNr">Of that event.</param>
    /// <exception cref="CommitUnknownException">The server could not be asked in time.</exception>
    /// <exception cref="NpgsqlException">It was not committed.</exception>
    public async Task CommitAsync(NpgsqlTransaction transaction, ulong transactionId, long id, long sequenceNr)
    {
        try
        {
            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (PostgreSqlDatabase.IsLostConnection(exception))
        {
            if (!await HasCommittedAsync(transactionId, id, sequenceNr, exception).ConfigureAwait(false))
            {
                throw new InvalidOperationException($"{database.Where}: the connection was lost during a commit, which the server did not carry out.", exception);
            }
        }
    }

    /// <summary>
    /// The event is there and has our transaction's number (<c>xmin</c>, 32 bits of it): committed. A number alone would not
    /// do: a server that crashed before any of ours was on its disk gives the same number again.
    /// </summary>
    private async Task<bool> HasCommittedAsync(ulong transactionId, long id, long sequenceNr, NpgsqlException cause)
    {
        var time = database.Options.Time;
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                var (written, status) = await AskAsync(transactionId, id, sequenceNr).ConfigureAwait(false);
                if (written || status != "in progress")
                {
                    return written;
                }
            }
            catch (NpgsqlException)
            {
                // The server is away, as after a crash: it comes back, or the time is up.
            }

            if (time.GetElapsedTime(started) >= database.Options.CommitResolution)
            {
                throw new CommitUnknownException(
                    $"{database.Where}: the connection was lost during a commit, and the server could not be asked within {database.Options.CommitResolution}.", cause);
            }

            await Task.Delay(AskAgain, time).ConfigureAwait(false);
        }
    }

    private async Task<(bool Written, string? Status)> AskAsync(ulong transactionId, long id, long sequenceNr)
    {
        var connection = await database.OpenAsync(CancellationToken.None).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            // The status first: what was in progress then may have committed before the event is looked for.
            var status = await StatusAsync(connection, transactionId).ConfigureAwait(false);
            var written = await PostgreSqlDatabase.ScalarAsync<bool>(
                connection,
                $"SELECT EXISTS (SELECT 1 FROM {database.Table("journal")} WHERE id = $1 AND sequence_nr = $2 AND xmin::text = $3)",
                CancellationToken.None,
                PostgreSqlDatabase.Value(id),
                PostgreSqlDatabase.Value(sequenceNr),
                PostgreSqlDatabase.Value(((uint)transactionId).ToString(CultureInfo.InvariantCulture))).ConfigureAwait(false);
            return (written, status);
        }
    }

    private static async Task<string?> StatusAsync(NpgsqlConnection connection, ulong transactionId)
    {
        try
        {
            return await PostgreSqlDatabase.ScalarAsync<string>(
                connection,
                "SELECT pg_xact_status($1::xid8)",
                CancellationToken.None,
                PostgreSqlDatabase.Value(transactionId.ToString(CultureInfo.InvariantCulture))).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return null; // "in the future": the server crashed and has forgotten it
        }
    }
}
