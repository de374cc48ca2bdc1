using MeshNode.Persistence.Journal;
using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Sql;
using MeshNode.Persistence.Tests.Contract;
using Npgsql;

namespace MeshNode.Persistence.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlSchemaTests(PostgresFixture postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly string _database = postgres.CreateDatabase();

    public static TheoryData<int> EveryVersion => [.. PostgreSqlSchema.Migrations.Select(migration => migration.Version)];

    /// <summary>The files hold what a store of that version had written; they are never changed.</summary>
    [Theory]
    [MemberData(nameof(EveryVersion))]
    public async Task A_database_of_every_past_version_is_taken_over(int version)
    {
        await ExecuteAsync(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "PostgreSql", "Schemas", $"{version:000}.sql")));

        await using var store = new PostgreSqlStore(_database);
        await store.StartAsync(None);

        var page = await store.ReadAsync("account-1", 1, long.MaxValue, 10, None);
        Assert.Equal([2, 3], page.Events.Select(storedEvent => storedEvent.SequenceNr));
        Assert.Equal("{\"amount\":3}", Sample.Text(page.Events[^1]));
        Assert.Equal(5, await store.ReadHighestSequenceNrAsync("account-2", None)); // all deleted
        Assert.Equal(["account-1"], (await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None)).Select(storedEvent => storedEvent.PersistenceId));
        Assert.Equal(4, await store.ReadFenceAsync("shard-1", None));
        Assert.Equal(2, (await store.LoadAsync("account-1", SnapshotSelectionCriteria.Latest, None))!.Metadata.SequenceNr);
        Assert.Equal(WriteResult.Written, (await store.WriteAsync([Sample.Tagged("account-1", 4, "red")], None))[0]);
        Assert.Equal([3, 4], (await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None)).Select(storedEvent => storedEvent.SequenceNr));
    }

    [Fact]
    public async Task A_database_of_a_later_version_is_refused()
    {
        await using (var store = new PostgreSqlStore(_database))
        {
            await store.StartAsync(None);
        }

        await ExecuteAsync("UPDATE meshnode.schema_version SET version = 99");

        await using var older = new PostgreSqlStore(_database);
        Assert.Equal(99, (await Assert.ThrowsAsync<SchemaTooNewException>(() => older.StartAsync(None))).Found);
    }

    [Fact]
    public async Task Stores_that_start_at_once_make_one_schema()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => new PostgreSqlStore(_database)).ToArray();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.StartAsync(None)))).WaitAsync(TimeSpan.FromSeconds(60));

        await Task.WhenAll(stores.Select((store, number) => store.WriteAsync([Sample.Write($"id-{number}", 1, 1)], None)));
        Assert.Equal(8, (await stores[0].ReadPersistenceIdsAsync(null, 100, None)).Count);
        await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_migration_that_fails_leaves_the_database_as_it_was()
    {
        await using var database = new PostgreSqlDatabase(new PostgreSqlStoreOptions(_database));
        await PostgreSqlSchema.MigrateAsync(database, PostgreSqlSchema.Migrations, None);
        var next = PostgreSqlSchema.Migrations.Count + 1;

        await Assert.ThrowsAsync<PostgresException>(() => PostgreSqlSchema.MigrateAsync(
            database, [.. PostgreSqlSchema.Migrations, new Migration(next, "CREATE TABLE two (a int); CREATE TABLE journal (a int)")], None));

        await PostgreSqlSchema.MigrateAsync(database, [.. PostgreSqlSchema.Migrations, new Migration(next, "CREATE TABLE two (a int)")], None);
    }

    /// <summary>A dump brings the numbers of transactions of the server where it was made.</summary>
    [Fact]
    public async Task After_a_restored_dump_new_events_still_come_behind_the_old_ones()
    {
        await using (var first = new PostgreSqlStore(_database))
        {
            await first.StartAsync(None);
            Assert.Equal(WriteResult.Written, (await first.WriteAsync([Sample.Tagged("a", 1, "red")], None))[0]);
        }

        await ExecuteAsync("UPDATE meshnode.journal_tags SET transaction = 1000000000000");
        await using var store = new PostgreSqlStore(_database);
        await store.StartAsync(None);
        var old = Assert.Single(await store.ReadByTagAsync("red", Offset.NoOffset(), 10, None));

        Assert.Equal(WriteResult.Written, (await store.WriteAsync([Sample.Tagged("a", 2, "red")], None))[0]);

        Assert.Equal(2, Assert.Single(await store.ReadByTagAsync("red", old.Ordering!, 10, None)).SequenceNr);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
