using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Tests;

public sealed class ReadJournalTests : PersistenceKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public ReadJournalTests()
        : base(new PersistenceSettings { QueryPageSize = 3 })
    {
    }

    private ReadJournal Journal => PersistenceQuery.Get(Sys).ReadJournal;

    private static Tagged Tag(string text, params string[] tags) => new(text, tags);

    private IActorRef Persisted(string id, params object[] events)
    {
        var actor = Ready(id);
        Do(actor, a => a.PersistAll(events, _ => { }));
        Do(actor, a => a.Defer("end", a.Tell));
        Expect("end");
        return actor;
    }

    [Fact]
    public async Task Current_events_of_an_actor_come_in_order_between_bounds_and_end()
    {
        Persisted("a", "1", "2", "3", "4", "5", "6", "7");
        var all = await Journal.CurrentEventsByPersistenceId("a").ToListAsync();
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], all.Select(envelope => envelope.Event));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], all.Select(envelope => envelope.SequenceNr));
        Assert.All(all, envelope => Assert.Equal(Scheduler.Now.UtcTicks, envelope.Timestamp));
        Assert.Equal(["3", "4", "5"], (await Journal.CurrentEventsByPersistenceId("a", 3, 5).ToListAsync()).Select(envelope => envelope.Event));
        Assert.Empty(await Journal.CurrentEventsByPersistenceId("unknown").ToListAsync());
    }

    [Fact]
    public async Task A_live_query_gives_what_is_there_then_what_is_committed_and_ends_at_its_bound()
    {
        var actor = Persisted("a", "1");
        await using var events = Journal.EventsByPersistenceId("a", 0, 3).GetAsyncEnumerator();
        Assert.Equal("1", await Next(events));
        var next = Next(events);
        Assert.False(next.IsCompleted);
        Do(actor, a => a.PersistAsync("2", _ => { }));
        Assert.Equal("2", await next);
        Do(actor, a => a.PersistAll(["3", "4"], _ => { }));
        Assert.Equal("3", await Next(events));
        Assert.False(await events.MoveNextAsync().AsTask().WaitAsync(Limit));
    }

    [Fact]
    public async Task Events_by_tag_come_from_all_actors_and_only_with_the_tag()
    {
        Persisted("a", Tag("1", "red"), "plain", Tag("2", "red", "blue"));
        Persisted("b", Tag("3", "blue"), Tag("4", "red"));
        var red = await Journal.CurrentEventsByTag("red", Offset.NoOffset()).ToListAsync();
        Assert.Equal(["1", "2", "4"], red.Select(envelope => envelope.Event));
        Assert.Equal(["blue", "red"], red[1].Tags.Order());
        Assert.Equal(["3"], (await Journal.CurrentEventsByTag("blue", Offset.Parse(red[1].Offset.ToString())).ToListAsync()).Select(envelope => envelope.Event));
        Assert.Empty(await Journal.CurrentEventsByTag("green", Offset.NoOffset()).ToListAsync());
    }

    [Fact]
    public async Task A_live_query_by_tag_goes_on_from_a_stored_offset()
    {
        var actor = Persisted("a", Tag("1", "red"), Tag("2", "red"));
        var stored = (await Journal.CurrentEventsByTag("red", Offset.NoOffset()).ToListAsync())[0].Offset.ToString();
        await using var events = Journal.EventsByTag("red", Offset.Parse(stored)).GetAsyncEnumerator();
        Assert.Equal("2", await Next(events));
        var next = Next(events);
        Do(actor, a => a.PersistAsync("plain", _ => { }));
        Do(actor, a => a.PersistAsync(Tag("3", "red"), _ => { }));
        Assert.Equal("3", await next);
    }

    [Fact]
    public async Task What_another_process_wrote_is_found_within_the_refresh_interval()
    {
        await using var byId = Journal.EventsByPersistenceId("far").GetAsyncEnumerator();
        await using var ids = Journal.PersistenceIds().GetAsyncEnumerator();
        var (next, id) = (Next(byId), ids.MoveNextAsync().AsTask());
        AwaitCondition(() => Scheduler.PendingCount >= 2, Limit); // both sleep
        Stored("far", "1"); // past the batcher
        Scheduler.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("1", await next);
        Assert.True(await id.WaitAsync(Limit));
        Assert.Equal("far", ids.Current);
    }

    [Fact]
    public async Task Persistence_ids_come_once_each_and_new_ones_as_they_write()
    {
        string[] known = [.. Enumerable.Range(0, 8).Select(index => $"id{index}")];
        foreach (var id in known)
        {
            Stored(id, "1");
        }

        Assert.Equal(known, await Journal.CurrentPersistenceIds().ToListAsync());
        await using var ids = Journal.PersistenceIds().GetAsyncEnumerator();
        foreach (var id in known)
        {
            Assert.True(await ids.MoveNextAsync().AsTask().WaitAsync(Limit));
            Assert.Equal(id, ids.Current);
        }

        var next = ids.MoveNextAsync().AsTask();
        var actor = Ready("fresh");
        Do(actor, a => a.Persist("1", _ => { }));
        Assert.True(await next.WaitAsync(Limit));
        Assert.Equal("fresh", ids.Current);
    }

    [Fact]
    public async Task A_query_holds_one_page_whatever_there_is()
    {
        Persisted("a", [.. Enumerable.Range(1, 100).Select(number => $"{number}")]);
        Store.PageSizes.Clear();
        await using var events = Journal.EventsByPersistenceId("a").GetAsyncEnumerator();
        Assert.Equal("1", await Next(events));
        Assert.Equal([3], Store.PageSizes);
    }

    [Fact]
    public async Task Cancelling_ends_a_live_query_that_waits()
    {
        using var cancellation = new CancellationTokenSource();
        await using var events = Journal.EventsByTag("red", Offset.NoOffset()).WithCancellation(cancellation.Token).GetAsyncEnumerator();
        var next = events.MoveNextAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task The_end_of_the_system_ends_its_live_queries()
    {
        var system = ActorSystem.Create("other", ActorSystemSetup.Empty.And(new PersistenceSetup { Store = Store }));
        await using var events = PersistenceQuery.Get(system).ReadJournal.PersistenceIds().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await system.Terminate();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Limit));
        await Persistence.Instance.Apply(system).WhenStopped.WaitAsync(Limit);
        Assert.True(Store.IsDisposed);
    }

    [Fact]
    public async Task Ended_queries_leave_nothing_behind()
    {
        var signals = Persistence.Instance.Apply(Sys).Signals;
        await using (var events = Journal.EventsByTag("red", Offset.NoOffset()).GetAsyncEnumerator())
        {
            var next = events.MoveNextAsync().AsTask();
            AwaitCondition(() => signals.Count == 1, Limit);
            var actor = Ready("a");
            Do(actor, a => a.Persist(Tag("1", "red"), _ => { }));
            await next.WaitAsync(Limit);
        }

        Assert.Equal(0, signals.Count);
    }

    private static async Task<object> Next(IAsyncEnumerator<EventEnvelope> events)
    {
        Assert.True(await events.MoveNextAsync().AsTask().WaitAsync(Limit));
        return events.Current.Event;
    }
}
