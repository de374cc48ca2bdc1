using MeshNode.Persistence.Journal;
using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Tests.Contract;
using Npgsql;

namespace MeshNode.Persistence.Tests.PostgreSql;

/// <summary>What becomes of writes whose connection is lost, before, during and after their commit. On a server of its own, which is stopped too.</summary>
public sealed class PostgreSqlConnectionLossTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private PostgresServer.PostgresServer? _server;
    private string _database = "";

    private PostgresServer.PostgresServer Server => _server!;

    private string SocketFile => Path.Combine(new NpgsqlConnectionStringBuilder(_database).Host!, ".s.PGSQL.5432");

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.PostgresServer.StartAsync();
        _database = await Server.CreateDatabaseAsync();
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();

    [Fact]
    public async Task A_commit_whose_answer_is_lost_is_found_to_be_written()
    {
        await using var proxy = new CuttingProxy(SocketFile);
        await using var store = await StartAsync(proxy.Host);
        await WriteAsync(store, Sample.Write("a", 1, 1));

        proxy.Arm();
        await WriteAsync(store, Sample.Write("a", 2, 4), Sample.Tagged("b", 1, "red"));

        Assert.Equal(1, proxy.Cut);
        Assert.Equal([1, 2, 3, 4], await NumbersAsync(store, "a"));
        await WriteAsync(store, Sample.Write("a", 5, 5));
    }

    [Fact]
    public async Task A_commit_that_nobody_can_ask_about_is_reported_as_unknown()
    {
        await using var proxy = new CuttingProxy(SocketFile);
        await using var store = await StartAsync(proxy.Host, TimeSpan.FromMilliseconds(500));
        await WriteAsync(store, Sample.Write("a", 1, 1));

        proxy.Arm(refuseAfterwards: true);
        var unknown = await Assert.ThrowsAsync<CommitUnknownException>(() => store.WriteAsync([Sample.Write("a", 2, 4)], None));

        Assert.IsAssignableFrom<NpgsqlException>(unknown.InnerException);
        await using var direct = await StartAsync();
        Assert.Equal([1, 2, 3, 4], await NumbersAsync(direct, "a")); // here it was; whole in any case
    }

    [Fact]
    public async Task A_commit_that_the_server_did_not_carry_out_is_reported_as_failed()
    {
        await using var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 1));
        await Server.ExecuteAsync("SELECT 1");
        await using var admin = new NpgsqlConnection(_database + ";Pooling=false");
        await admin.OpenAsync();
        // The transaction stands in its COMMIT, waiting, when its backend is ended.
        await ExecuteAsync(admin, """
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON meshnode.journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION wait();
            SELECT pg_advisory_lock(1)
            """);

        var write = store.WriteAsync([Sample.Write("a", 2, 4), Sample.Write("b", 1, 1)], None);
        await EndBackendAsync(admin, "COMMIT");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => write.WaitAsync(Limit));
        await ExecuteAsync(admin, "SELECT pg_advisory_unlock(1)");

        Assert.Contains("did not carry out", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1], await NumbersAsync(store, "a"));
        Assert.Equal(0, await store.ReadHighestSequenceNrAsync("b", None));
        await WriteAsync(store, Sample.Write("a", 2, 4)); // its numbers are free
    }

    [Fact]
    public async Task A_backend_that_is_ended_before_the_commit_costs_nothing_but_time()
    {
        await using var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 1));
        await using var admin = new NpgsqlConnection(_database + ";Pooling=false");
        await admin.OpenAsync();
        await ExecuteAsync(admin, "BEGIN; SELECT 1 FROM meshnode.persistence_ids FOR UPDATE");

        var write = store.WriteAsync([Sample.Write("a", 2, 4)], None); // waits for the row
        await EndBackendAsync(admin, "%FOR NO KEY UPDATE%");
        await ExecuteAsync(admin, "COMMIT");

        Assert.Equal(WriteResult.Written, (await write.WaitAsync(Limit))[0]);
        Assert.Equal([1, 2, 3, 4], await NumbersAsync(store, "a"));
    }

    [Fact]
    public async Task Without_a_server_everything_fails_and_goes_on_when_it_is_back()
    {
        await using var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 1));

        await Server.StopAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => store.WriteAsync([Sample.Write("a", 2, 2)], None));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => store.ReadAsync("a", 1, 10, 10, None));
        await Server.StartAgainAsync();

        Assert.Equal([1], await NumbersAsync(store, "a"));
        await WriteAsync(store, Sample.Write("a", 2, 2));
    }

    [Fact]
    public async Task A_restart_that_nobody_noticed_is_not_noticed_later_either()
    {
        await using var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 1));

        await Server.StopAsync();
        await Server.StartAgainAsync(); // the pool still holds connections to the old one

        await WriteAsync(store, Sample.Write("a", 2, 2));
        Assert.Equal([1, 2], await NumbersAsync(store, "a"));
    }

    [Fact]
    public async Task A_server_that_does_not_flush_is_refused()
    {
        await Server.DisposeAsync();
        _server = await PostgresServer.PostgresServer.StartAsync("fsync=off");
        await using var store = new PostgreSqlStore(await Server.CreateDatabaseAsync());

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => store.StartAsync(None));

        Assert.Contains("fsync=off", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<PostgreSqlStore> StartAsync(string? host = null, TimeSpan? resolution = null)
    {
        var text = new NpgsqlConnectionStringBuilder(_database) { Timeout = 5 };
        text.Host = host ?? text.Host;
        var store = new PostgreSqlStore(new PostgreSqlStoreOptions(text.ConnectionString) { CommitResolution = resolution ?? TimeSpan.FromSeconds(30) });
        await store.StartAsync(None);
        return store;
    }

    /// <summary>Ends the backend that waits for a lock in this statement. Within a transaction pg_stat_activity stays as it was at first sight, unless it is told to look again.</summary>
    private static async Task EndBackendAsync(NpgsqlConnection admin, string query)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            await using var command = new NpgsqlCommand(
                $"SELECT pg_stat_clear_snapshot(); SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '{query}' AND pid <> pg_backend_pid()", admin);
            await using var reader = await command.ExecuteReaderAsync(limit.Token);
            await reader.NextResultAsync(limit.Token); // the first is of the look
            if (await reader.ReadAsync(limit.Token))
            {
                return;
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<IEnumerable<long>> NumbersAsync(PostgreSqlStore store, string id) =>
        (await store.ReadAsync(id, 1, long.MaxValue, 1_000, None)).Events.Select(storedEvent => storedEvent.SequenceNr);

    private static async Task WriteAsync(PostgreSqlStore store, params AtomicWrite[] writes) =>
        Assert.All(await store.WriteAsync(writes, None), result => Assert.Equal(WriteResult.Written, result));
}
