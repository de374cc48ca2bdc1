using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Tests.Contract;

/// <summary>What every store promises about reading by tag and about fences.</summary>
public abstract class TagAndFenceContract : IAsyncLifetime
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
    public async Task Events_with_a_tag_come_in_the_order_of_their_commits()
    {
        await WriteAsync(Sample.Tagged("b", 1, "red", "blue"), Sample.Tagged("a", 1, "red"));
        await WriteAsync(Sample.Tagged("c", 1, "blue"), Sample.Write("d", 1, 1));
        await WriteAsync(Sample.Tagged("a", 2, "red"));

        Assert.Equal(["b1", "a1", "a2"], Names(await ByTagAsync("red")));
        Assert.Equal(["b1", "c1"], Names(await ByTagAsync("blue")));
        Assert.Empty(await ByTagAsync("Red"));
        Assert.Empty(await ByTagAsync("nul\0"));
    }

    [Fact]
    public async Task Reading_by_tag_goes_on_behind_an_offset()
    {
        await WriteAsync([.. Enumerable.Range(1, 30).Select(number => Sample.Tagged("a", number, "red"))]);

        var seen = new List<StoredEvent>();
        while (await Store.ReadByTagAsync("red", seen.LastOrDefault()?.Ordering ?? Offset.NoOffset(), 7, None) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 7);
            seen.AddRange(page);
        }

        Assert.Equal(Sample.Numbers(1, 30), seen.Select(storedEvent => storedEvent.SequenceNr));
        Assert.Equal(seen, seen.OrderBy(storedEvent => storedEvent.Ordering));
        Assert.Equal(seen[^1].Ordering, Offset.Parse(seen[^1].Ordering!.ToString()));
    }

    [Fact]
    public async Task The_highest_offset_is_that_of_the_last_event_or_above()
    {
        Assert.Equal(Offset.NoOffset(), await Store.ReadHighestOffsetAsync(None));

        await WriteAsync(Sample.Tagged("a", 1, "red"), Sample.Tagged("a", 2, "blue"));

        var highest = await Store.ReadHighestOffsetAsync(None);
        Assert.True((await ByTagAsync("blue"))[0].Ordering! <= highest);
        await WriteAsync(Sample.Tagged("a", 3, "red"));
        Assert.True((await ByTagAsync("red"))[^1].Ordering! > highest);
    }

    [Fact]
    public async Task Deleted_events_are_no_more_found_by_tag_and_later_ones_come_behind()
    {
        await WriteAsync(Sample.Tagged("a", 1, "red", "blue"), Sample.Tagged("a", 2, "red"), Sample.Tagged("b", 1, "red"));
        var last = (await ByTagAsync("red"))[^1].Ordering!;

        await Store.DeleteToAsync("a", 1, None);
        Assert.Equal(["a2", "b1"], Names(await ByTagAsync("red")));
        Assert.Empty(await ByTagAsync("blue"));

        await Store.DeleteToAsync("a", long.MaxValue, None);
        await Store.DeleteToAsync("b", long.MaxValue, None);
        Assert.Empty(await ByTagAsync("red"));
        await WriteAsync(Sample.Tagged("c", 1, "red"));
        Assert.Equal(["c1"], Names(await Store.ReadByTagAsync("red", last, 10, None)));
    }

    [Fact]
    public async Task A_fence_stands_at_zero_and_only_grows()
    {
        Assert.Equal(0, await Store.ReadFenceAsync("shard", None));
        Assert.Equal(5, await Store.RaiseFenceAsync("shard", 5, None));
        Assert.Equal(5, await Store.RaiseFenceAsync("shard", 3, None));
        Assert.Equal(5, await Store.RaiseFenceAsync("shard", 5, None));
        Assert.Equal(6, await Store.RaiseFenceAsync("shard", 6, None));
        Assert.Equal(6, await Store.ReadFenceAsync("shard", None));
        Assert.Equal(0, await Store.ReadFenceAsync("Shard", None));
    }

    [Fact]
    public async Task A_write_with_a_stale_epoch_fails_alone()
    {
        await WriteAsync(Fenced("a", 1, 0), Fenced("b", 1, 0));
        await Store.RaiseFenceAsync("shard", 2, None);

        var results = await Store.WriteAsync([Fenced("a", 2, 1), Fenced("b", 2, 2), Fenced("c", 1, 3), Sample.Write("d", 1, 1)], None);

        Assert.Equal([WriteOutcome.Fenced, WriteOutcome.Written, WriteOutcome.Fenced, WriteOutcome.Written], results.Select(result => result.Outcome));
        Assert.NotNull(results[0].Reason);
        var highest = await Task.WhenAll("abcd".Select(id => Store.ReadHighestSequenceNrAsync($"{id}", None)));
        Assert.Equal([1, 2, 0, 1], highest);
    }

    [Fact]
    public async Task Once_fenced_the_later_writes_of_that_id_in_the_call_are_fenced()
    {
        await Store.RaiseFenceAsync("shard", 1, None);

        var results = await Store.WriteAsync([Fenced("a", 1, 0), Fenced("a", 2, 1), Fenced("b", 1, 1)], None);

        Assert.Equal([WriteOutcome.Fenced, WriteOutcome.Fenced, WriteOutcome.Written], results.Select(result => result.Outcome));
    }

    [Fact]
    public async Task Fenced_goes_before_taken_and_taken_before_rejected()
    {
        await WriteAsync(Sample.Write("a", 1, 1));
        var odd = Sample.Event("a", 1) with { Manifest = "" };

        var fenced = await Store.WriteAsync([new AtomicWrite("a", [odd], new Fence("shard", 1))], None);
        var taken = await Store.WriteAsync([new AtomicWrite("a", [odd])], None);
        var rejected = await Store.WriteAsync([new AtomicWrite("a", [odd with { SequenceNr = 2 }]), Sample.Write("a", 3, 3)], None);

        Assert.Equal(WriteOutcome.Fenced, fenced[0].Outcome);
        Assert.Equal(WriteOutcome.SequenceTaken, taken[0].Outcome);
        Assert.Equal([WriteOutcome.Rejected, WriteOutcome.Written], rejected.Select(result => result.Outcome));
    }

    /// <summary>Two incarnations write by the same right while the fence is raised, again and again.</summary>
    [Fact]
    public async Task After_a_raise_has_returned_nothing_is_written_with_an_older_epoch()
    {
        const int Rounds = 40;
        var other = Open();
        await other.StartAsync(None);
        var epoch = 0L;
        using var stop = new CancellationTokenSource();
        var written = new List<(string Id, long Number, long Epoch)>[2];
        var writers = new[] { Store, other }.Select((store, index) => Task.Run(async () =>
        {
            var id = $"writer-{index}";
            written[index] = [];
            for (var number = 1L; !stop.IsCancellationRequested; number++)
            {
                var mine = Interlocked.Read(ref epoch);
                var result = (await store.WriteAsync([Fenced(id, number, mine)], None))[0];
                if (result.Outcome == WriteOutcome.Written)
                {
                    written[index].Add((id, number, mine));
                }
                else
                {
                    Assert.Equal(WriteOutcome.Fenced, result.Outcome);
                    number--;
                }
            }
        })).ToArray();

        var before = new List<long[]>();
        for (var round = 1L; round <= Rounds; round++)
        {
            await other.RaiseFenceAsync("shard", round, None);
            // Whatever has this or an older epoch and is not here by now must never come.
            before.Add([
                await Store.ReadHighestSequenceNrAsync("writer-0", None),
                await Store.ReadHighestSequenceNrAsync("writer-1", None),
            ]);
            Interlocked.Exchange(ref epoch, round);
            await WaitForWritesAsync(before[^1]);
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers).WaitAsync(TimeSpan.FromSeconds(30));
        await other.DisposeAsync();
        foreach (var (id, number, mine) in written.SelectMany(list => list))
        {
            var index = id[^1] - '0';
            // The raise to mine + 1 is the round with that index: when it had returned, this event stood already.
            Assert.True(mine == Rounds || number <= before[(int)mine][index], $"{id} {number} was written with epoch {mine} after the raise to {mine + 1}");
        }

        async Task WaitForWritesAsync(long[] highest)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (await Store.ReadHighestSequenceNrAsync("writer-0", limit.Token) <= highest[0] || await Store.ReadHighestSequenceNrAsync("writer-1", limit.Token) <= highest[1])
            {
                await Task.Yield();
            }
        }
    }

    private static AtomicWrite Fenced(string id, long number, long epoch) => Sample.Write(id, number, number) with { Fence = new Fence("shard", epoch) };

    private static IEnumerable<string> Names(IReadOnlyList<StoredEvent> events) => events.Select(storedEvent => $"{storedEvent.PersistenceId}{storedEvent.SequenceNr}");

    private Task<IReadOnlyList<StoredEvent>> ByTagAsync(string tag) => Store.ReadByTagAsync(tag, Offset.NoOffset(), 1_000, None);

    private async Task WriteAsync(params AtomicWrite[] writes)
    {
        var results = await Store.WriteAsync(writes, None);
        Assert.All(results, result => Assert.Equal(WriteResult.Written, result));
    }
}
