using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Tests;

/// <summary>What is its own; what every store promises is in the contract's suite.</summary>
public sealed class InMemoryEventStoreTests
{
    private readonly InMemoryEventStore _store = new();

    [Fact]
    public async Task It_survives_its_disposal_and_says_that_it_is_volatile()
    {
        await WriteAsync("a", 1);
        await _store.DisposeAsync();
        Assert.Equal(1, await _store.ReadHighestSequenceNrAsync("a", default));
        Assert.Equal("volatile", _store.Durability);
    }

    [Fact]
    public async Task Deleting_a_tagged_event_leaves_those_of_other_ids_and_later_ones()
    {
        await WriteAsync("a", 1);
        await WriteAsync("b", 1);
        await WriteAsync("a", 2);
        await _store.DeleteToAsync("a", 1, default);
        var left = await _store.ReadByTagAsync("t", Offset.NoOffset(), 10, default);
        Assert.Equal([("b", 1L), ("a", 2L)], left.Select(e => (e.PersistenceId, e.SequenceNr)));
        Assert.Equal(left[1].Ordering, await _store.ReadHighestOffsetAsync(default));
    }

    [Fact]
    public async Task Ids_come_in_the_order_of_their_bytes()
    {
        string[] ids = ["a", "ab", "b", "\uE000", "\U0001F600"];
        foreach (var id in ids.Reverse())
        {
            await WriteAsync(id, 1);
        }

        Assert.Equal(ids[..2], await _store.ReadPersistenceIdsAsync(null, 2, default));
        Assert.Equal(ids[2..], await _store.ReadPersistenceIdsAsync("ab", 10, default));
    }

    [Fact]
    public async Task A_write_after_a_stale_one_of_the_same_id_is_stale_too()
    {
        await WriteAsync("a", 1);
        var results = await _store.WriteAsync([Write("a", 1), Write("a", 2), Write("b", 1)], default);
        Assert.Equal([WriteOutcome.SequenceTaken, WriteOutcome.SequenceTaken, WriteOutcome.Written], results.Select(result => result.Outcome));
    }

    private static AtomicWrite Write(string id, long number) => new(id, [new StoredEvent(id, number, "m", 1, default, 0, ["t"])]);

    private async Task WriteAsync(string id, long number) =>
        Assert.Equal(WriteOutcome.Written, Assert.Single(await _store.WriteAsync([Write(id, number)], default)).Outcome);
}
