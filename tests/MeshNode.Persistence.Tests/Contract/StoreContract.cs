using System.Text;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Tests.Contract;

/// <summary>What every store of events promises; see <see cref="IEventStore"/>. Snapshots: <see cref="SnapshotContract"/>.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private IEventStore? _store;

    private IEventStore Store => _store!;

    /// <summary>A store over the data of this test, empty at first. Called again: over the same data.</summary>
    protected abstract IEventStore Open();

    public async Task InitializeAsync()
    {
        _store = Open();
        await _store.StartAsync(None);
    }

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task What_is_written_is_read_back_whole()
    {
        var written = new StoredEvent("a", 1, "deposited", 7, new byte[] { 0, 1, 255 }, DateTime.MaxValue.Ticks, ["red", "blue"]);
        await WriteAsync(new AtomicWrite("a", [written]));

        var read = Assert.Single((await ReadAllAsync("a")).Events);

        Assert.Equal(("a", 1L, "deposited", 7, DateTime.MaxValue.Ticks), (read.PersistenceId, read.SequenceNr, read.Manifest, read.Version, read.Timestamp));
        Assert.Equal(written.Payload.ToArray(), read.Payload.ToArray());
        Assert.Equal(written.Tags, read.Tags);
    }

    [Fact]
    public async Task An_empty_payload_is_read_back_empty()
    {
        await WriteAsync(new AtomicWrite("a", [Sample.Event("a", 1, "")]));

        Assert.Empty(Assert.Single((await ReadAllAsync("a")).Events).Payload.ToArray());
    }

    [Fact]
    public async Task Events_of_one_id_come_back_in_order_and_alone()
    {
        await WriteAsync(Sample.Write("a", 1, 3), Sample.Write("b", 1, 2), Sample.Write("a", 4, 5));
        await WriteAsync(Sample.Write("b", 3, 3), Sample.Write("a", 6, 6));

        Assert.Equal([1, 2, 3, 4, 5, 6], await NumbersAsync("a"));
        Assert.Equal([1, 2, 3], await NumbersAsync("b"));
    }

    [Fact]
    public async Task An_unknown_id_has_nothing()
    {
        var page = await ReadAllAsync("nobody");

        Assert.Empty(page.Events);
        Assert.Equal((0, false), (page.HighestSequenceNr, page.HasMore));
        Assert.Equal(0, await Store.ReadHighestSequenceNrAsync("nobody", None));
    }

    [Fact]
    public async Task A_range_has_both_its_ends()
    {
        await WriteAsync(Sample.Write("a", 1, 10));

        Assert.Equal([3, 4, 5], Numbers(await Store.ReadAsync("a", 3, 5, 100, None)));
        Assert.Equal([10], Numbers(await Store.ReadAsync("a", 10, long.MaxValue, 100, None)));
        Assert.Empty(Numbers(await Store.ReadAsync("a", 11, long.MaxValue, 100, None)));
        Assert.Empty(Numbers(await Store.ReadAsync("a", 5, 4, 100, None)));
        Assert.Equal(10, (await Store.ReadAsync("a", 5, 4, 100, None)).HighestSequenceNr);
    }

    [Fact]
    public async Task A_page_says_whether_the_range_may_have_more()
    {
        await WriteAsync(Sample.Write("a", 1, 10));

        var first = await Store.ReadAsync("a", 1, 10, 4, None);
        var rest = await Store.ReadAsync("a", 5, 10, 100, None);

        Assert.Equal([1, 2, 3, 4], Numbers(first));
        Assert.Equal((true, 10), (first.HasMore, first.HighestSequenceNr));
        Assert.Equal([5, 6, 7, 8, 9, 10], Numbers(rest));
        Assert.False(rest.HasMore);
    }

    [Fact]
    public async Task Thousands_of_events_are_read_page_by_page()
    {
        for (var from = 1; from <= 20_000; from += 1_000)
        {
            await WriteAsync(Sample.Write("a", from, from + 999), Sample.Write("b", from, from + 999));
        }

        var seen = new List<long>();
        for (var more = true; more;)
        {
            var page = await Store.ReadAsync("a", seen.Count + 1, long.MaxValue, 700, None);
            seen.AddRange(Numbers(page));
            more = page.HasMore;
        }

        Assert.Equal(Sample.Numbers(1, 20_000), seen);
    }

    [Fact]
    public async Task Pages_are_bounded_in_bytes_too()
    {
        var big = new string('x', 3 << 20);
        for (var number = 1; number <= 6; number++)
        {
            await WriteAsync(new AtomicWrite("a", [Sample.Event("a", number, big)]));
        }

        var seen = new List<long>();
        for (var more = true; more;)
        {
            var page = await Store.ReadAsync("a", seen.Count + 1, long.MaxValue, 1_000, None);
            Assert.All(page.Events, storedEvent => Assert.Equal(3 << 20, storedEvent.Payload.Length));
            Assert.True(!page.HasMore || page.Events.Count > 0);
            seen.AddRange(Numbers(page));
            more = page.HasMore;
        }

        Assert.Equal(Sample.Numbers(1, 6), seen);
    }

    [Fact]
    public async Task Numbers_that_are_taken_fail_alone_and_whole()
    {
        await WriteAsync(Sample.Write("a", 1, 5));

        var results = await Store.WriteAsync([Sample.Write("b", 1, 1), Sample.Write("a", 5, 7), Sample.Write("c", 1, 1)], None);

        Assert.Equal([WriteOutcome.Written, WriteOutcome.SequenceTaken, WriteOutcome.Written], results.Select(result => result.Outcome));
        Assert.NotNull(results[1].Reason);
        Assert.Equal([1, 2, 3, 4, 5], await NumbersAsync("a"));
        Assert.Equal(5, await Store.ReadHighestSequenceNrAsync("a", None));
        Assert.Equal([1], await NumbersAsync("b"));
        Assert.Equal([1], await NumbersAsync("c"));
    }

    [Fact]
    public async Task Once_taken_the_later_writes_of_that_id_in_the_call_are_taken()
    {
        await WriteAsync(Sample.Write("a", 1, 5));

        var results = await Store.WriteAsync([Sample.Write("a", 5, 5), Sample.Write("a", 6, 6), Sample.Write("b", 1, 1)], None);

        Assert.Equal([WriteOutcome.SequenceTaken, WriteOutcome.SequenceTaken, WriteOutcome.Written], results.Select(result => result.Outcome));
        Assert.Equal([1, 2, 3, 4, 5], await NumbersAsync("a"));
        await WriteAsync(Sample.Write("a", 6, 6)); // a call later it is free
    }

    [Fact]
    public async Task A_number_that_the_same_call_has_written_is_taken()
    {
        var results = await Store.WriteAsync([Sample.Write("a", 1, 2), Sample.Write("a", 2, 2)], None);

        Assert.Equal([WriteOutcome.Written, WriteOutcome.SequenceTaken], results.Select(result => result.Outcome));
        Assert.Equal([1, 2], await NumbersAsync("a"));
    }

    [Fact]
    public async Task Numbers_may_have_gaps()
    {
        await WriteAsync(Sample.Write("a", 1, 1), Sample.Write("a", 4, 5));

        Assert.Equal([1, 4, 5], await NumbersAsync("a"));
        Assert.Equal(5, await Store.ReadHighestSequenceNrAsync("a", None));
    }

    [Fact]
    public async Task Deleted_events_are_gone_and_their_numbers_stay_taken()
    {
        await WriteAsync(Sample.Write("a", 1, 5), Sample.Write("b", 1, 5));

        await Store.DeleteToAsync("a", 3, None);

        Assert.Equal([4, 5], await NumbersAsync("a"));
        Assert.Equal([1, 2, 3, 4, 5], await NumbersAsync("b"));
        Assert.Equal(5, await Store.ReadHighestSequenceNrAsync("a", None));
        Assert.Equal(WriteOutcome.SequenceTaken, (await Store.WriteAsync([Sample.Write("a", 3, 3)], None))[0].Outcome);
    }

    [Fact]
    public async Task The_highest_number_survives_the_deletion_of_all_events()
    {
        await WriteAsync(Sample.Write("a", 1, 5));

        await Store.DeleteToAsync("a", long.MaxValue, None);
        await Store.DeleteToAsync("a", 2, None);
        await Store.DeleteToAsync("nobody", long.MaxValue, None);

        var page = await ReadAllAsync("a");
        Assert.Empty(page.Events);
        Assert.Equal(5, page.HighestSequenceNr);
        Assert.Equal(5, await Store.ReadHighestSequenceNrAsync("a", None));
        Assert.Equal(WriteOutcome.SequenceTaken, (await Store.WriteAsync([Sample.Write("a", 5, 5)], None))[0].Outcome);
        await WriteAsync(Sample.Write("a", 6, 6));
        Assert.Equal([6], await NumbersAsync("a"));
    }

    [Fact]
    public async Task What_was_written_is_there_after_opening_again()
    {
        await WriteAsync(Sample.Write("a", 1, 5), Sample.Tagged("b", 1, "red"));
        await Store.RaiseFenceAsync("shard", 3, None);
        await Store.DeleteToAsync("a", 2, None);
        await Store.DisposeAsync();

        _store = Open();
        await Store.StartAsync(None);

        Assert.Equal([3, 4, 5], await NumbersAsync("a"));
        Assert.Equal(["b"], (await Store.ReadByTagAsync("red", Offset.NoOffset(), 10, None)).Select(storedEvent => storedEvent.PersistenceId));
        Assert.Equal(3, await Store.ReadFenceAsync("shard", None));
        Assert.Equal(WriteOutcome.SequenceTaken, (await Store.WriteAsync([Sample.Write("a", 5, 5)], None))[0].Outcome);
        await WriteAsync(Sample.Write("a", 6, 6));
    }

    [Fact]
    public async Task Starting_twice_is_harmless_and_durability_is_told()
    {
        await Store.StartAsync(None);

        Assert.NotEmpty(Store.Durability);
    }

    [Fact]
    public async Task A_cancelled_write_writes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync([Sample.Write("a", 1, 1)], cancelled.Token));

        Assert.Empty(await NumbersAsync("a"));
    }

    [Theory]
    [InlineData("it's \"quoted\"; DROP TABLE journal; --")]
    [InlineData("Ünïcödé-日本語-🦊")]
    [InlineData(" ")]
    [InlineData("%_\\'$1?1\n\t\r")]
    [InlineData("A")] // beside "a": ids differ in case
    public async Task Odd_ids_are_kept_as_they_are(string id)
    {
        await WriteAsync(Sample.Write("a", 1, 1), Sample.Write(id, 1, 2));

        Assert.Equal([1, 2], await NumbersAsync(id));
        Assert.Equal(id, (await ReadAllAsync(id)).Events[0].PersistenceId);
        Assert.Contains(id, await Store.ReadPersistenceIdsAsync(null, 10, None));
        Assert.Equal([1], await NumbersAsync("a"));
    }

    [Fact]
    public async Task Ids_of_a_thousand_characters_differ_in_their_last()
    {
        string[] ids = [.. new[] { '1', '2' }.SelectMany(end => new[] { 'x', '語' }, (end, fill) => new string(fill, 999) + end)];

        await WriteAsync([.. ids.Select(id => Sample.Write(id, 1, 1))]);

        Assert.Equal([.. ids.Order(StringComparer.Ordinal)], await Store.ReadPersistenceIdsAsync(null, 10, None));
        Assert.Equal([ids.Order(StringComparer.Ordinal).Last()], await Store.ReadPersistenceIdsAsync(ids.Order(StringComparer.Ordinal).ElementAt(2), 10, None));
        Assert.All(ids, id => Assert.Equal(1, Store.ReadHighestSequenceNrAsync(id, None).Result));
    }

    [Theory] // by name: half a surrogate pair would not survive the way of a test's data
    [InlineData("NUL")]
    [InlineData("half a surrogate pair")]
    [InlineData("empty")]
    [InlineData("too long")]
    public async Task Ids_that_cannot_be_stored_are_rejected_alone(string kind)
    {
        var id = kind switch
        {
            "NUL" => "nul\0",
            "half a surrogate pair" => "half \ud83e",
            "empty" => "",
            _ => new string('x', 1_001),
        };

        var results = await Store.WriteAsync([Sample.Write("a", 1, 1), Sample.Write(id, 1, 1), Sample.Write("b", 1, 1)], None);

        Assert.Equal([WriteOutcome.Written, WriteOutcome.Rejected, WriteOutcome.Written], results.Select(result => result.Outcome));
        Assert.NotNull(results[1].Reason);
        Assert.Equal(["a", "b"], await Store.ReadPersistenceIdsAsync(null, 10, None));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReadHighestSequenceNrAsync(id, None));
    }

    [Fact]
    public async Task Events_that_cannot_be_stored_are_rejected_alone_and_whole()
    {
        var good = Sample.Event("a", 1);
        AtomicWrite[] odd =
        [
            new("a", [good, Sample.Event("a", 2) with { Manifest = "nul\0" }]),
            new("a", [good, Sample.Event("a", 2) with { Manifest = "" }]),
            new("a", [good, Sample.Event("a", 3)]),
            new("a", [good, Sample.Event("b", 2)]),
            new("a", [good, Sample.Event("a", 2, "{}", "nul\0")]),
            new("a", [good, Sample.Event("a", 2, "{}", "twice", "twice")]),
            new("a", []),
        ];

        var results = await Store.WriteAsync([.. odd, Sample.Write("a", 1, 1)], None);

        Assert.All(results[..^1], result => Assert.Equal(WriteOutcome.Rejected, result.Outcome));
        Assert.Equal(WriteOutcome.Written, results[^1].Outcome);
        Assert.Equal([1], await NumbersAsync("a"));
    }

    [Fact]
    public async Task A_payload_of_eight_mebibytes_is_kept()
    {
        var payload = new byte[8 << 20];
        new Random(1).NextBytes(payload);

        await WriteAsync(new AtomicWrite("a", [Sample.Event("a", 1) with { Payload = payload }]), Sample.Write("b", 1, 1));

        var read = Assert.Single((await ReadAllAsync("a")).Events);
        Assert.True(payload.AsSpan().SequenceEqual(read.Payload.Span));
    }

    [Fact]
    public async Task Ids_are_listed_page_by_page_in_the_order_of_their_bytes()
    {
        string[] ids = [.. Enumerable.Range(0, 50).Select(number => $"id-{number}"), "Ä", "z", "ﬀ", "🦊"];
        await WriteAsync([.. ids.Select(id => Sample.Write(id, 1, 1))]);
        await Store.DeleteToAsync("id-7", long.MaxValue, None);

        var listed = new List<string>();
        while (await Store.ReadPersistenceIdsAsync(listed.LastOrDefault(), 7, None) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 7);
            listed.AddRange(page);
        }

        Assert.Equal(ids.OrderBy(id => Convert.ToHexString(Encoding.UTF8.GetBytes(id)), StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task Many_readers_and_a_writer_at_once_see_whole_writes_in_order()
    {
        const int Writes = 300;
        var writing = Task.Run(async () =>
        {
            for (var number = 1; number <= Writes * 2; number += 2)
            {
                await WriteAsync(Sample.Write("a", number, number + 1), Sample.Write("b", number, number + 1));
            }
        });
        var reading = Enumerable.Range(0, 6).Select(reader => Task.Run(async () =>
        {
            var id = reader % 2 == 0 ? "a" : "b";
            long seen = 0;
            while (seen < Writes * 2)
            {
                var page = await Store.ReadAsync(id, 1, long.MaxValue, 10_000, None);
                Assert.Equal(Sample.Numbers(1, page.Events.Count), Numbers(page));
                Assert.True(page.Events.Count % 2 == 0, "half a write was seen");
                Assert.True(page.Events.Count >= page.HighestSequenceNr && page.Events.Count >= seen, "an event was lost");
                seen = page.Events.Count;
            }
        }));

        await Task.WhenAll([writing, .. reading]).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private async Task WriteAsync(params AtomicWrite[] writes)
    {
        var results = await Store.WriteAsync(writes, None);
        Assert.All(results, result => Assert.Equal(WriteResult.Written, result));
    }

    private Task<EventPage> ReadAllAsync(string id) => Store.ReadAsync(id, 1, long.MaxValue, 1_000_000, None);

    private async Task<IEnumerable<long>> NumbersAsync(string id) => Numbers(await ReadAllAsync(id));

    private static IEnumerable<long> Numbers(EventPage page) => page.Events.Select(storedEvent => storedEvent.SequenceNr);
}
