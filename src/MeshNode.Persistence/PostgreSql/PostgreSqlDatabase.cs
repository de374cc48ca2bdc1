using Npgsql;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>
/// Connections and how work is done over them. Nothing is kept in a session between two transactions (names carry their
/// schema, settings are <c>SET LOCAL</c>), so any pool may stand between us and the server.
/// </summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _writing;
    private readonly NpgsqlDataSource _reading;
    private readonly SemaphoreSlim _readers;

    public PostgreSqlDatabase(PostgreSqlStoreOptions options)
    {
        Options = options;
        var text = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        text.ApplicationName ??= "MeshNode";
        text.NoResetOnClose = true; // nothing of ours outlives its transaction
        text.WriteBufferSize = Math.Max(text.WriteBufferSize, 64 << 10); // a batch of 1,000 events is about 150 KiB
        _writing = new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
        if (options.PrepareStatements)
        {
            // Planning a page's query takes longer than reading the page. A batch's statements are better planned for the
            // number of its writes each time: the plan for any number costs a fifth more.
            text.MaxAutoPrepare = Math.Max(text.MaxAutoPrepare, 20);
            text.AutoPrepareMinUsages = 2;
        }

        text.ReadBufferSize = Math.Max(text.ReadBufferSize, 64 << 10);
        _reading = new NpgsqlDataSourceBuilder(text.ConnectionString).Build();
        _readers = new SemaphoreSlim(options.Readers, options.Readers);
        Where = $"PostgreSQL, {text.Host}/{text.Database}, schema {options.Schema}";
    }

    public PostgreSqlStoreOptions Options { get; }

    /// <summary>For messages.</summary>
    public string Where { get; }

    /// <summary>The name of one of our tables.</summary>
    public string Table(string name) => $"{Options.Schema}.{name}";

    /// <summary>A connection to write with.</summary>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _writing.OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// Runs work that may be run again. A pooled connection may have died since it was last used, as when the server was
    /// restarted: then once more, over a new one.
    /// </summary>
    public Task<T> RunAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        RunAsync(_writing, work, cancellationToken);

    /// <summary>As <c>RunAsync</c>, for what only reads: not more at a time than is good for the server.</summary>
    public async Task<T> ReadAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await _readers.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await RunAsync(_reading, work, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _readers.Release();
        }
    }

    /// <summary>
    /// Runs work that may be run again in a transaction whose commit is on the disk when this returns.
    /// </summary>
    public Task<T> TransactAsync<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken) => RunAsync(
        async (connection, cancellation) =>
        {
            var transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
            await using (transaction.ConfigureAwait(false))
            {
                await ExecuteAsync(connection, Durable, cancellation).ConfigureAwait(false);
                var result = await work(connection, cancellation).ConfigureAwait(false);
                await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
                return result;
            }
        },
        cancellationToken);

    /// <summary>Whatever the role, the database or the server are set to, this transaction waits for its commit record to be flushed.</summary>
    public const string Durable = "SET LOCAL synchronous_commit = on";

    public static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(parameters);
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The first column of the first row; default for NULL and when there is no row.</summary>
    public static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(parameters);
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is T value ? value : default;
        }
    }

    /// <summary>All rows of a statement.</summary>
    public static async Task<List<T>> QueryAsync<T>(
        NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> row, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        var rows = new List<T>();
        var command = new NpgsqlCommand(sql, connection);
        await using (command.ConfigureAwait(false))
        {
            command.Parameters.AddRange(parameters);
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(row(reader));
                }
            }
        }

        return rows;
    }

    /// <summary>A typed parameter, by position.</summary>
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>The connection is gone, rather than the statement wrong: the server never answered, or said that it ends the session.</summary>
    public static bool IsLostConnection(NpgsqlException exception) =>
        exception is not PostgresException { SqlState: var state } || state.StartsWith("57P", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal);

    /// <summary>Closes the pools, but not the semaphore: a late reader may wait for it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writing.DisposeAsync().ConfigureAwait(false);
        await _reading.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<T> RunAsync<T>(
        NpgsqlDataSource source, Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(source, work, cancellationToken).ConfigureAwait(false);
        }
        catch (NpgsqlException exception) when (IsLostConnection(exception))
        {
            source.Clear();
            return await RunOnceAsync(source, work, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<T> RunOnceAsync<T>(
        NpgsqlDataSource source, Func<NpgsqlConnection, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            return await work(connection, cancellationToken).ConfigureAwait(false);
        }
    }
}
