using System.Runtime.Versioning;
using System.Text;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Sqlite;
using MeshNode.Persistence.Tests.Contract;

namespace MeshNode.Persistence.Tests.Sqlite;

/// <summary>What is SQLite's own: the file, its log, other processes, errors. The rest is in the contract.</summary>
public sealed class SqliteStoreTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder _folder = new();

    private string Path => _folder.File("journal.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_runs_with_a_write_ahead_log_and_full_flushes()
    {
        await using var store = await StartAsync();

        Assert.Equal($"SQLite {SqliteLibrary.Version} (system library) journal_mode=wal synchronous=2(FULL)", store.Durability);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_its_owner_may_read_the_files()
    {
        await using var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 1));

        Assert.All(Directory.GetFiles(_folder.Path), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        Assert.Equal(3, Directory.GetFiles(_folder.Path).Length); // the file, its log, and the log's index
    }

    [Fact]
    public async Task A_clean_close_leaves_one_file()
    {
        var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 100));
        _ = await store.ReadAsync("a", 1, 10, 10, None);

        await store.DisposeAsync();

        Assert.Equal([Path], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public async Task The_log_is_taken_in_while_the_store_runs()
    {
        await using var store = new SqliteStore(new SqliteStoreOptions(Path) { CheckpointBytes = 1 << 20 });
        await store.StartAsync(None);
        var payload = new string('x', 100_000);
        for (var number = 1; number <= 200; number++)
        {
            await WriteAsync(store, new AtomicWrite("a", [Sample.Event("a", number, payload)]));
        }

        Assert.InRange(new FileInfo(Path + "-wal").Length, 1, 4 << 20); // of 20 MB that were written
    }

    [Fact]
    public async Task Events_are_found_wherever_their_places_are_kept()
    {
        // 16,384 places are gathered before they are moved: here they move three times, within and between transactions.
        await using var store = await StartAsync();
        for (var from = 1; from <= 50_000; from += 5_000)
        {
            await WriteAsync(store, Sample.Write("a", from, from + 4_998), Sample.Write("b", from, from), Sample.Write("a", from + 4_999, from + 4_999));
        }

        await store.DeleteToAsync("a", 20_000, None);
        var page = await store.ReadAsync("a", 1, long.MaxValue, 100_000, None);
        Assert.Equal(Sample.Numbers(20_001, 50_000), page.Events.Select(storedEvent => storedEvent.SequenceNr));
        Assert.All(page.Events, storedEvent => Assert.Equal($"{storedEvent.SequenceNr}", Sample.Text(storedEvent)));
        Assert.Equal(10, (await store.ReadAsync("b", 1, long.MaxValue, 100, None)).Events.Count);
        Assert.Equal(WriteOutcome.SequenceTaken, (await store.WriteAsync([Sample.Write("a", 50_000, 50_000)], None))[0].Outcome);
    }

    [Fact]
    public async Task Two_stores_may_write_to_one_file()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await Task.WhenAll(Run(one, "one"), Run(other, "other")).WaitAsync(TimeSpan.FromSeconds(60));

        // What one has written the other knows, though both remember what they saw last.
        Assert.Equal(WriteOutcome.SequenceTaken, (await one.WriteAsync([Sample.Write("other", 50, 50)], None))[0].Outcome);
        await WriteAsync(one, Sample.Write("other", 51, 51));
        Assert.Equal(WriteOutcome.SequenceTaken, (await other.WriteAsync([Sample.Write("other", 51, 51)], None))[0].Outcome);
        var tagged = await one.ReadByTagAsync("red", Offset.NoOffset(), 1_000, None);
        Assert.Equal(100, tagged.Select(storedEvent => storedEvent.Ordering).Distinct().Count());

        static async Task Run(SqliteStore store, string id)
        {
            for (var number = 1; number <= 50; number++)
            {
                await WriteAsync(store, Sample.Tagged(id, number, "red"));
            }
        }
    }

    [Fact]
    public async Task Another_process_that_keeps_the_lock_is_named_in_the_error()
    {
        await using var store = new SqliteStore(new SqliteStoreOptions(Path) { BusyTimeout = TimeSpan.FromMilliseconds(200) });
        await store.StartAsync(None);
        using (var other = SqliteDatabase.Open(Path, TimeSpan.FromSeconds(1)))
        {
            other.Execute("BEGIN IMMEDIATE");
            var refusal = await Assert.ThrowsAsync<SqliteStoreException>(() => store.WriteAsync([Sample.Write("a", 1, 1)], None));
            Assert.Contains("another process", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(Path, refusal.Message, StringComparison.Ordinal);
            other.Execute("ROLLBACK");
        }

        await WriteAsync(store, Sample.Write("a", 1, 1));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_alone()
    {
        var text = new string('n', 5_000);
        await File.WriteAllTextAsync(Path, text);

        await using (var store = new SqliteStore(Path))
        {
            var refusal = await Assert.ThrowsAsync<SqliteStoreException>(() => store.StartAsync(None));
            Assert.Contains("not a SQLite database", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task A_damaged_file_is_told_as_such()
    {
        await using (var store = await StartAsync())
        {
            await WriteAsync(store, Sample.Write("a", 1, 2_000));
        }

        await using (var file = File.OpenWrite(Path))
        {
            file.Position = 4096;
            await file.WriteAsync(Encoding.UTF8.GetBytes(new string('z', (int)file.Length - 8192)));
        }

        await using var damaged = new SqliteStore(Path);
        var refusal = await Assert.ThrowsAsync<SqliteStoreException>(async () =>
        {
            await damaged.StartAsync(None);
            await damaged.ReadAsync("a", 1, 2_000, 2_000, None);
        });
        Assert.Contains("damaged", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_missing_is_named()
    {
        await using var store = new SqliteStore(_folder.File("no/such/folder/journal.db"));

        var refusal = await Assert.ThrowsAnyAsync<IOException>(() => store.StartAsync(None));

        Assert.Contains("no/such/folder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_start_that_failed_may_be_tried_again()
    {
        var path = _folder.File("later/journal.db");
        await using var store = new SqliteStore(path);
        await Assert.ThrowsAnyAsync<IOException>(() => store.StartAsync(None));
        Directory.CreateDirectory(_folder.File("later"));

        await store.StartAsync(None);

        await WriteAsync(store, Sample.Write("a", 1, 1));
    }

    [Fact]
    public async Task A_payload_above_the_limit_is_rejected_alone()
    {
        await using var store = new SqliteStore(new SqliteStoreOptions(Path) { MaxPayloadBytes = 10 });
        await store.StartAsync(None);

        var results = await store.WriteAsync([new AtomicWrite("a", [Sample.Event("a", 1, "12345678901")]), new AtomicWrite("b", [Sample.Event("b", 1, "1234567890")])], None);

        Assert.Equal([WriteOutcome.Rejected, WriteOutcome.Written], results.Select(result => result.Outcome));
    }

    [Fact]
    public async Task Before_the_start_and_after_the_end_nothing_is_done()
    {
        var store = new SqliteStore(Path);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync([Sample.Write("a", 1, 1)], None));
        await store.StartAsync(None);
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.WriteAsync([Sample.Write("a", 1, 1)], None));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => store.ReadAsync("a", 1, 1, 1, None));
        await store.DisposeAsync();
    }

    [Fact]
    public async Task What_fails_in_the_middle_leaves_nothing_of_the_whole_transaction()
    {
        await using var store = await StartAsync();
        await WriteAsync(store, Sample.Write("a", 1, 1));
        using (var other = SqliteDatabase.Open(Path, TimeSpan.FromSeconds(1)))
        {
            other.Execute("CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.sequence_nr = 7 BEGIN SELECT RAISE(ABORT, 'no room'); END");
        }

        var failure = await Assert.ThrowsAsync<SqliteStoreException>(() => store.WriteAsync([Sample.Write("b", 1, 3), Sample.Write("a", 2, 9)], None));

        Assert.Contains("no room", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.ReadHighestSequenceNrAsync("b", None));
        Assert.Equal(1, await store.ReadHighestSequenceNrAsync("a", None));
        await WriteAsync(store, Sample.Write("b", 1, 3), Sample.Write("a", 2, 3)); // and nothing wrong is remembered
    }

    private async Task<SqliteStore> StartAsync()
    {
        var store = new SqliteStore(Path);
        await store.StartAsync(None);
        return store;
    }

    private static async Task WriteAsync(SqliteStore store, params AtomicWrite[] writes) =>
        Assert.All(await store.WriteAsync(writes, None), result => Assert.Equal(WriteResult.Written, result));
}
