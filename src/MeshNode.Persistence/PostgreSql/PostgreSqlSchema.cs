using System.Globalization;
using MeshNode.Persistence.Sql;
using Npgsql;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>Brings a database to the schema of this version. The version stands in the table <c>schema_version</c>.</summary>
internal static class PostgreSqlSchema
{
    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Load("PostgreSql");

    /// <summary>
    /// Runs what is missing in one transaction, under an advisory lock: of nodes that start at once the others wait, and
    /// find the work done.
    /// </summary>
    /// <exception cref="SchemaTooNewException">A later version of this program has used the schema.</exception>
    public static Task MigrateAsync(PostgreSqlDatabase database, IReadOnlyList<Migration> migrations, CancellationToken cancellationToken) => database.TransactAsync(
        async (connection, cancellation) =>
        {
            var schema = database.Options.Schema;
            await PostgreSqlDatabase.ExecuteAsync(
                connection, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", cancellation, PostgreSqlDatabase.Value("meshnode schema " + schema)).ConfigureAwait(false);
            var exists = await PostgreSqlDatabase.ScalarAsync<bool>(
                connection, "SELECT to_regclass($1) IS NOT NULL", cancellation, PostgreSqlDatabase.Value(database.Table("schema_version"))).ConfigureAwait(false);
            if (!exists)
            {
                await PostgreSqlDatabase.ExecuteAsync(
                    connection, $"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.schema_version (version integer NOT NULL)", cancellation).ConfigureAwait(false);
            }

            var version = await PostgreSqlDatabase.ScalarAsync<int>(connection, $"SELECT version FROM {schema}.schema_version", cancellation).ConfigureAwait(false);
            foreach (var migration in Migration.After(migrations, version, database.Where))
            {
                var number = migration.Version.ToString(CultureInfo.InvariantCulture);
                await PostgreSqlDatabase.ExecuteAsync(
                    connection,
                    $"SET LOCAL search_path = {schema}; {migration.Sql}; DELETE FROM schema_version; INSERT INTO schema_version VALUES ({number})",
                    cancellation).ConfigureAwait(false);
            }

            await FollowTransactionsAsync(database, connection, cancellation).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>
    /// Every transaction whose rows we can see has a number below our snapshot's end, unless the rows came from another
    /// server in a dump. Then new ones begin above them.
    /// </summary>
    private static Task FollowTransactionsAsync(PostgreSqlDatabase database, NpgsqlConnection connection, CancellationToken cancellationToken) =>
        PostgreSqlDatabase.ExecuteAsync(
            connection,
            $"""
            WITH seen AS (
                SELECT (SELECT max(transaction) FROM {database.Table("journal_tags")}) AS highest,
                    pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next)
            UPDATE {database.Table("journal_state")} SET transaction_base = highest + 1 - next
            FROM seen WHERE highest >= next + transaction_base
            """,
            cancellationToken);
}
