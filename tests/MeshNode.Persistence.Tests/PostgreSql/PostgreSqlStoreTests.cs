using MeshNode.Persistence.Journal;
using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Tests.Contract;
using Npgsql;

namespace MeshNode.Persistence.Tests.PostgreSql;

/// <summary>What is PostgreSQL's own: several writers, transactions that commit late, settings. The rest is in the contract.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _database = postgres.CreateDatabase();
    private readonly List<IAsyncDisposable> _open = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(_open))
        {
            await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task Commits_are_synchronous_whatever_the_database_is_set_to()
    {
        await using (var admin = await ConnectAsync())
        {
            await ExecuteAsync(admin, $"ALTER DATABASE {admin.Database} SET synchronous_commit = off");
        }

        var store = await StartAsync();
        // Whatever transaction writes an event tells what it commits with.
        await using var watcher = await ConnectAsync();
        Assert.Equal("off", await ScalarAsync(watcher, "SHOW synchronous_commit"));
        await ExecuteAsync(watcher, """
            CREATE TABLE seen (setting text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO public.seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE TRIGGER see AFTER INSERT ON meshnode.journal FOR EACH STATEMENT EXECUTE FUNCTION see();
            CREATE TRIGGER see AFTER INSERT ON meshnode.snapshots FOR EACH STATEMENT EXECUTE FUNCTION see();
            CREATE TRIGGER see AFTER INSERT ON meshnode.fences FOR EACH STATEMENT EXECUTE FUNCTION see()
            """);
        await WriteAsync(store, Sample.Write("a", 1, 1));
        await store.SaveAsync(new(new SnapshotMetadata("a", 1), "state", 1, Array.Empty<byte>()), None);
        await store.RaiseFenceAsync("shard", 1, None);

        Assert.Equal("on,on,on", await ScalarAsync(watcher, "SELECT string_agg(setting, ',') FROM seen"));
        Assert.Matches("^PostgreSQL [0-9.]+.* synchronous_commit=on fsync=on full_page_writes=on$", store.Durability);
    }

    [Fact]
    public async Task An_event_that_commits_late_is_not_skipped_by_a_reader()
    {
        var store = await StartAsync();
        await WriteAsync(store, Sample.Tagged("first", 1, "red"));
        // A writer that has its number, and rows, and then takes its time.
        await using var late = await ConnectAsync();
        await ExecuteAsync(late, "BEGIN");
        var number = (long)(await ScalarAsync(late, "SELECT pg_current_xact_id()::text::bigint"))!;
        await ExecuteAsync(late, $"""
            INSERT INTO meshnode.persistence_ids (hash, persistence_id) VALUES (sha256('late'), 'late');
            INSERT INTO meshnode.journal SELECT id, 1, 'sampled', 1, 0, '["red"]', '' FROM meshnode.persistence_ids WHERE persistence_id = 'late';
            INSERT INTO meshnode.journal_tags SELECT 'red', {number}, 1, id, 1 FROM meshnode.persistence_ids WHERE persistence_id = 'late'
            """);
        await WriteAsync(store, Sample.Tagged("second", 1, "red")); // begins later, commits earlier

        var before = await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None);
        var highest = await store.ReadHighestOffsetAsync(None);
        await ExecuteAsync(late, "COMMIT");
        var after = await store.ReadByTagAsync("red", before[^1].Ordering!, 10, None);

        Assert.Equal(["first"], before.Select(storedEvent => storedEvent.PersistenceId));
        Assert.Equal(before[^1].Ordering, highest);
        Assert.Equal(["late", "second"], after.Select(storedEvent => storedEvent.PersistenceId));
    }

    [Fact]
    public async Task A_live_reader_sees_every_event_of_writers_that_commit_in_any_order()
    {
        const int Events = 150;
        var stores = new List<PostgreSqlStore>();
        for (var writer = 0; writer < 4; writer++)
        {
            stores.Add(await StartAsync());
        }

        var reader = await StartAsync();
        var writing = Task.WhenAll(stores.Select((store, writer) => Task.Run(async () =>
        {
            for (var number = 1; number <= Events; number++)
            {
                await WriteAsync(store, Sample.Tagged($"writer-{writer}", number, "red"));
            }
        })));

        var seen = new List<StoredEvent>();
        using var limit = new CancellationTokenSource(Limit);
        while (seen.Count < 4 * Events)
        {
            seen.AddRange(await reader.ReadByTagAsync("red", seen.LastOrDefault()?.Ordering ?? Offset.NoOffset(), 50, limit.Token));
        }

        await writing;
        Assert.Equal(4 * Events, seen.Select(storedEvent => (storedEvent.PersistenceId, storedEvent.SequenceNr)).Distinct().Count());
        Assert.All(seen.GroupBy(storedEvent => storedEvent.PersistenceId), one => Assert.Equal(Sample.Numbers(1, Events), one.Select(storedEvent => storedEvent.SequenceNr)));
    }

    [Fact]
    public async Task A_transaction_that_is_stuck_holds_readers_back_and_is_named()
    {
        var warnings = new List<string>();
        var store = await StartAsync(options => options with { HeldBackWarning = TimeSpan.Zero, OnWarning = warnings.Add });
        await using var stuck = await ConnectAsync();
        await ExecuteAsync(stuck, "BEGIN; SELECT pg_current_xact_id()");
        await WriteAsync(store, Sample.Tagged("a", 1, "red"));

        Assert.Empty(await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None));
        Assert.Contains($"process {stuck.ProcessID} ", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Empty(await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None));
        Assert.Single(warnings); // not at every look

        await ExecuteAsync(stuck, "ROLLBACK");
        Assert.Single(await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None));
    }

    [Fact]
    public async Task Two_incarnations_that_write_the_same_numbers_write_each_once()
    {
        const int Numbers = 200;
        PostgreSqlStore[] stores = [await StartAsync(), await StartAsync()];

        var won = await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            var mine = new List<long>();
            for (var number = 1L; number <= Numbers; number++)
            {
                var results = await store.WriteAsync([Sample.Write("b", number, number), Sample.Write("a", number, number)], None);
                Assert.Equal(results[0].Outcome, results[1].Outcome); // one transaction holds both
                Assert.True(results[0].Outcome is WriteOutcome.Written or WriteOutcome.SequenceTaken);
                mine.AddRange(results[0].Outcome == WriteOutcome.Written ? [number] : []);
            }

            return mine;
        }))).WaitAsync(Limit);

        Assert.Equal(Sample.Numbers(1, Numbers), won.SelectMany(mine => mine).Order());
        Assert.Equal(Numbers, (await stores[0].ReadAsync("a", 1, long.MaxValue, 1_000, None)).Events.Count);
    }

    [Fact]
    public async Task Nodes_that_see_new_ids_at_once_agree_on_their_numbers()
    {
        PostgreSqlStore[] stores = [await StartAsync(), await StartAsync(), await StartAsync()];
        string[] ids = [.. Enumerable.Range(0, 200).Select(number => $"id-{number}")];

        var results = await Task.WhenAll(stores.Select((store, index) => Task.Run(() =>
            store.WriteAsync([.. (index == 1 ? ids.Reverse() : ids).Select(id => Sample.Write(id, index + 1, index + 1))], None)))).WaitAsync(Limit);

        Assert.Equal(ids.Order(StringComparer.Ordinal), await stores[0].ReadPersistenceIdsAsync(null, 1_000, None));
        await using var admin = await ConnectAsync();
        var written = results.SelectMany(result => result).LongCount(result => result.Outcome == WriteOutcome.Written);
        Assert.Equal(written, await ScalarAsync(admin, "SELECT count(*) FROM meshnode.journal"));
    }

    [Fact]
    public async Task A_raise_waits_for_the_write_that_holds_the_fence()
    {
        var store = await StartAsync();
        await store.RaiseFenceAsync("shard", 1, None);
        await using var writer = await ConnectAsync();
        await ExecuteAsync(writer, "BEGIN; SELECT epoch FROM meshnode.fences WHERE name = 'shard' FOR SHARE");

        var raise = store.RaiseFenceAsync("shard", 2, None);
        var waiting = await WaitForBackendAsync("INSERT INTO meshnode.fences%");
        Assert.False(raise.IsCompleted);
        Assert.NotEqual(0, waiting);
        // Others that write by the old right are not in the way of each other, and stand behind the raise now.
        var late = store.WriteAsync([Sample.Write("a", 1, 1) with { Fence = new Fence("shard", 1) }], None);
        await ExecuteAsync(writer, "COMMIT");

        Assert.Equal(2, await raise.WaitAsync(Limit));
        var outcome = (await late.WaitAsync(Limit))[0].Outcome;
        Assert.True(outcome is WriteOutcome.Fenced or WriteOutcome.Written);
        Assert.Equal(WriteOutcome.Fenced, (await store.WriteAsync([Sample.Write("a", 2, 2) with { Fence = new Fence("shard", 1) }], None))[0].Outcome);
    }

    [Fact]
    public async Task It_works_without_prepared_statements_and_in_a_schema_of_another_name()
    {
        var store = await StartAsync(options => options with { PrepareStatements = false, Schema = "other_1" });

        for (var number = 1; number <= 10; number++)
        {
            await WriteAsync(store, Sample.Tagged("a", number, "red"));
        }

        Assert.Equal(10, (await store.ReadAsync("a", 1, 100, 100, None)).Events.Count);
        Assert.Equal(10, (await store.ReadByTagAsync("red", Offset.NoOffset(), 100, None)).Count);
        Assert.Throws<ArgumentException>(() => new PostgreSqlStore(new PostgreSqlStoreOptions(_database) { Schema = "x; DROP" }));
    }

    private async Task<PostgreSqlStore> StartAsync(Func<PostgreSqlStoreOptions, PostgreSqlStoreOptions>? change = null)
    {
        var options = new PostgreSqlStoreOptions(_database);
        var store = new PostgreSqlStore(change is null ? options : change(options));
        _open.Add(store);
        await store.StartAsync(None);
        return store;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private async Task<int> WaitForBackendAsync(string query)
    {
        await using var admin = await ConnectAsync();
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            if (await ScalarAsync(admin, $"SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query ILIKE '{query}'") is int pid)
            {
                return pid;
            }

            limit.Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task WriteAsync(PostgreSqlStore store, params AtomicWrite[] writes) =>
        Assert.All(await store.WriteAsync(writes, None), result => Assert.Equal(WriteResult.Written, result));
}
