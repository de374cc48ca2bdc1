using System.Globalization;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>Finds the transaction that holds readers by tag back, so that an operator can end it.</summary>
internal sealed class StuckTransactions(PostgreSqlDatabase database)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private long? _looked;

    /// <summary>Looks, not more often than every 10 s, and warns. Called when a reader found nothing new.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var time = database.Options.Time;
        lock (_gate)
        {
            if (database.Options.OnWarning is null || (_looked is { } last && time.GetElapsedTime(last) < LookAgain))
            {
                return;
            }

            _looked = time.GetTimestamp();
        }

        var found = await database.RunAsync(
            (connection, cancellation) => PostgreSqlDatabase.QueryAsync(
                connection,
                """
                SELECT format('process %s of %s (%s, %s), open since %s', pid, usename, nullif(application_name, ''), state, xact_start)
                FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND xact_start < now() - $1
                UNION ALL
                SELECT format('prepared transaction %s of %s, since %s', gid, owner, prepared) FROM pg_prepared_xacts WHERE prepared < now() - $1
                """,
                row => row.GetString(0),
                cancellation,
                PostgreSqlDatabase.Value(database.Options.HeldBackWarning)),
            cancellationToken).ConfigureAwait(false);
        foreach (var transaction in found)
        {
            database.Options.OnWarning(string.Create(
                CultureInfo.InvariantCulture,
                $"{database.Where}: readers by tag wait for events after a transaction that has been open for more than {database.Options.HeldBackWarning}: {transaction}. End it (pg_terminate_backend, ROLLBACK PREPARED) if it is stuck."));
        }
    }
}
