using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests;

public sealed class EventBatcherTests : Actors.TestKit.TestKit
{
    private readonly ScriptedStore _store = new();

    [Fact]
    public void What_gathers_while_a_transaction_commits_goes_together_up_to_the_bound_of_events()
    {
        var gate = new WriteGate(_store);
        var batcher = Batcher(new PersistenceSettings { MaxBatchEvents = 10 });
        batcher.Submit(Write("plug", 1));
        gate.AwaitTransaction();
        for (var index = 0; index < 7; index++)
        {
            batcher.Submit(Write($"a{index}", 3));
        }

        batcher.Submit(Write("large", 25));
        gate.Open();
        ReceiveN(9, TimeSpan.FromSeconds(60));
        Assert.Equal([1, 9, 9, 3, 25], _store.Transactions.Select(transaction => transaction.Sum(write => write.Events.Count)));
    }

    [Fact]
    public void Transactions_are_bounded_by_bytes()
    {
        var gate = new WriteGate(_store);
        var batcher = Batcher(new PersistenceSettings { MaxBatchBytes = 1000 });
        batcher.Submit(Write("plug", 1));
        gate.AwaitTransaction();
        for (var index = 0; index < 5; index++)
        {
            batcher.Submit(Write($"a{index}", 1, size: 400));
        }

        gate.Open();
        ReceiveN(6, TimeSpan.FromSeconds(60));
        Assert.Equal([1, 2, 2, 1], _store.Transactions.Select(transaction => transaction.Length));
    }

    [Fact]
    public async Task A_barrier_ends_when_all_before_it_is_answered_whatever_the_answer()
    {
        var gate = new WriteGate(_store) { Failure = new IOException("disk") };
        var batcher = Batcher(new PersistenceSettings());
        Assert.True(batcher.WhenAnswered().IsCompleted);
        batcher.Submit(Write("a", 1));
        gate.AwaitTransaction();
        var before = batcher.WhenAnswered();
        batcher.Submit(Write("b", 1));
        var after = batcher.WhenAnswered();
        Assert.False(before.IsCompleted);
        gate.Release();
        await before.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(after.IsCompleted);
        gate.Release();
        await after.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal([false, true], ReceiveN(2).Cast<PendingWrite>().Select(write => write.IsWritten));
    }

    [Fact]
    public void A_store_that_answers_for_another_number_of_writes_fails_them()
    {
        _store.Write = _ => Task.FromResult<WriteResult[]>([]);
        Batcher(new PersistenceSettings()).Submit(Write("a", 1));
        Assert.Contains("0 results for 1", ExpectMsg<PendingWrite>().Cause!.Message, StringComparison.Ordinal);
    }

    private EventBatcher Batcher(PersistenceSettings settings) =>
        new(_store, Task.CompletedTask, settings, new CommitSignals(), run => ThreadPool.QueueUserWorkItem(_ => run()));

    private PendingWrite Write(string id, int count, int size = 0)
    {
        StoredEvent[] events = [.. Enumerable.Range(1, count).Select(number => new StoredEvent(id, number, "m", 1, default, 0, []))];
        return new PendingWrite(this, TestActor, null)
        {
            Events = events,
            Handler = () => { },
            Invoke = (_, _) => null,
            IsAsync = false,
            IsStashing = true,
            Write = new AtomicWrite(id, events),
            Size = size,
            FirstSequenceNr = 1,
        };
    }
}
