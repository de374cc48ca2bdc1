namespace MeshNode.Persistence.PostgreSql;

/// <summary>Raises and reads fences.</summary>
internal sealed class PostgreSqlFences(PostgreSqlDatabase database)
{
    /// <summary>Waits for the writes that hold the row, and makes later ones wait; see <see cref="Journal.IEventStore.RaiseFenceAsync"/>.</summary>
    public Task<long> RaiseAsync(string name, long epoch, CancellationToken cancellationToken) => database.TransactAsync(
        (connection, cancellation) => PostgreSqlDatabase.ScalarAsync<long>(
            connection,
            $"""
            INSERT INTO {database.Table("fences")} AS f VALUES ($1, greatest($2, 0))
            ON CONFLICT (name) DO UPDATE SET epoch = greatest(f.epoch, excluded.epoch) RETURNING epoch
            """,
            cancellation,
            PostgreSqlDatabase.Value(name),
            PostgreSqlDatabase.Value(epoch)),
        cancellationToken);

    /// <summary>0 for one that was never raised.</summary>
    public Task<long> ReadAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        (connection, cancellation) => PostgreSqlDatabase.ScalarAsync<long>(
            connection, $"SELECT epoch FROM {database.Table("fences")} WHERE name = $1", cancellation, PostgreSqlDatabase.Value(name)),
        cancellationToken);
}
