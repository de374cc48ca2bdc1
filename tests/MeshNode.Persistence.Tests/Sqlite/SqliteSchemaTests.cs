using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Sql;
using MeshNode.Persistence.Sqlite;
using MeshNode.Persistence.Tests.Contract;

namespace MeshNode.Persistence.Tests.Sqlite;

public sealed class SqliteSchemaTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("journal.db");

    public static TheoryData<int> EveryVersion => [.. SqliteSchema.Migrations.Select(migration => migration.Version)];

    public void Dispose() => _folder.Dispose();

    /// <summary>The files hold what a store of that version had written; they are never changed.</summary>
    [Theory]
    [MemberData(nameof(EveryVersion))]
    public async Task A_database_of_every_past_version_is_taken_over(int version)
    {
        Make(await File.ReadAllTextAsync(System.IO.Path.Combine(AppContext.BaseDirectory, "Sqlite", "Schemas", $"{version:000}.sql")));

        await using var store = new SqliteStore(Path);
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
        await using (var store = new SqliteStore(Path))
        {
            await store.StartAsync(None);
        }

        Make("PRAGMA user_version = 99");

        await using var older = new SqliteStore(Path);
        var refusal = await Assert.ThrowsAsync<SchemaTooNewException>(() => older.StartAsync(None));
        Assert.Equal(99, refusal.Found);
        Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_programs_database_is_refused_and_left_alone()
    {
        Make("CREATE TABLE bookmarks (url TEXT)");

        await using var store = new SqliteStore(Path);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => store.StartAsync(None));

        Assert.Contains("another program", refusal.Message, StringComparison.Ordinal);
        using var database = SqliteDatabase.Open(Path, TimeSpan.FromSeconds(1));
        Assert.Equal("bookmarks", database.QueryText("SELECT group_concat(name) FROM sqlite_master"));
    }

    [Fact]
    public async Task Stores_that_start_at_once_make_one_schema()
    {
        var stores = Enumerable.Range(0, 8).Select(_ => new SqliteStore(Path)).ToArray();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.StartAsync(None)))).WaitAsync(TimeSpan.FromSeconds(60));

        await Task.WhenAll(stores.Select((store, number) => store.WriteAsync([Sample.Write($"id-{number}", 1, 1)], None)));
        Assert.Equal(8, (await stores[0].ReadPersistenceIdsAsync(null, 100, None)).Count);
        await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_database_as_it_was()
    {
        SqliteFile.CreateIfMissing(Path);
        using var database = SqliteDatabase.Open(Path, TimeSpan.FromSeconds(1));
        Migration[] good = [new(1, "CREATE TABLE one (a)")];
        SqliteSchema.Migrate(database, good);

        Assert.Throws<SqliteStoreException>(() => SqliteSchema.Migrate(database, [.. good, new(2, "CREATE TABLE two (a); CREATE TABLE one (a)")]));

        Assert.Equal(1, database.QueryInt64("PRAGMA user_version"));
        Assert.Equal("one", database.QueryText("SELECT group_concat(name) FROM sqlite_master"));
        SqliteSchema.Migrate(database, [.. good, new(2, "CREATE TABLE two (a)")]);
        Assert.Equal(2, database.QueryInt64("PRAGMA user_version"));
    }

    private void Make(string sql)
    {
        SqliteFile.CreateIfMissing(Path);
        using var database = SqliteDatabase.Open(Path, TimeSpan.FromSeconds(1));
        database.Execute(sql);
    }
}
