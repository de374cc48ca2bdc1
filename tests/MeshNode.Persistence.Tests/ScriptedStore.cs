using System.Collections.Concurrent;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Tests;

/// <summary>A store in memory that a test can hold up, make fail, and look into.</summary>
internal sealed class ScriptedStore : IEventStore, ISnapshotStore
{
    public InMemoryEventStore Inner { get; init; } = new();

    /// <summary>In place of writing.</summary>
    public Func<IReadOnlyList<AtomicWrite>, Task<WriteResult[]>>? Write { get; set; }

    /// <summary>Before each read of events.</summary>
    public Func<Task>? BeforeRead { get; set; }

    /// <summary>Before each load of a snapshot.</summary>
    public Func<Task>? BeforeLoad { get; set; }

    /// <summary>Before snapshots are saved or deleted, and before events are deleted.</summary>
    public Func<Task>? BeforeChange { get; set; }

    public Func<Task>? BeforeStart { get; set; }

    /// <summary>Each transaction as it came, with the numbers of events.</summary>
    public ConcurrentQueue<AtomicWrite[]> Transactions { get; } = new();

    public ConcurrentQueue<int> PageSizes { get; } = new();

    public bool IsDisposed { get; private set; }

    public string Durability => "scripted";

    public Task StartAsync(CancellationToken cancellationToken) => BeforeStart?.Invoke() ?? Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return ValueTask.CompletedTask;
    }

    public Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        Transactions.Enqueue([.. writes]);
        return Write?.Invoke(writes) ?? Inner.WriteAsync(writes, cancellationToken);
    }

    public async Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken)
    {
        await (BeforeRead?.Invoke() ?? Task.CompletedTask);
        var page = await Inner.ReadAsync(persistenceId, fromSequenceNr, toSequenceNr, max, cancellationToken);
        PageSizes.Enqueue(page.Events.Count);
        return page;
    }

    public async Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        await (BeforeRead?.Invoke() ?? Task.CompletedTask);
        return await Inner.ReadHighestSequenceNrAsync(persistenceId, cancellationToken);
    }

    public async Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        await (BeforeChange?.Invoke() ?? Task.CompletedTask);
        await Inner.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);
    }

    public Task<IReadOnlyList<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken) =>
        Inner.ReadByTagAsync(tag, after, max, cancellationToken);

    public Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken) => Inner.ReadHighestOffsetAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken) =>
        Inner.ReadPersistenceIdsAsync(after, max, cancellationToken);

    public Task<long> RaiseFenceAsync(string name, long epoch, CancellationToken cancellationToken) => Inner.RaiseFenceAsync(name, epoch, cancellationToken);

    public Task<long> ReadFenceAsync(string name, CancellationToken cancellationToken) => Inner.ReadFenceAsync(name, cancellationToken);

    public async Task<StoredSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        await (BeforeLoad?.Invoke() ?? Task.CompletedTask);
        return await Inner.LoadAsync(persistenceId, criteria, cancellationToken);
    }

    public async Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        await (BeforeChange?.Invoke() ?? Task.CompletedTask);
        await Inner.SaveAsync(snapshot, cancellationToken);
    }

    public async Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        await (BeforeChange?.Invoke() ?? Task.CompletedTask);
        await Inner.DeleteAsync(metadata, cancellationToken);
    }

    public async Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        await (BeforeChange?.Invoke() ?? Task.CompletedTask);
        await Inner.DeleteAsync(persistenceId, criteria, cancellationToken);
    }

    /// <summary>The payloads of an actor's events as text.</summary>
    public async Task<string[]> TextsOf(string persistenceId) =>
        [.. (await Inner.ReadAsync(persistenceId, 0, long.MaxValue, int.MaxValue, default)).Events.Select(e => System.Text.Encoding.UTF8.GetString(e.Payload.Span).Trim('"'))];
}
