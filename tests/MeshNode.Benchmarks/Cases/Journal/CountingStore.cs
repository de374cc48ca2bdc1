using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;

namespace MeshNode.Benchmarks.Cases.Journal;

/// <summary>Passes everything on, and counts transactions and their events.</summary>
internal sealed class CountingStore(IEventStore inner) : IEventStore
{
    /// <summary>Events of each transaction. Touched by one write at a time.</summary>
    public List<int> Batches { get; } = [];

    public string Durability => inner.Durability;

    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        Batches.Add(writes.Sum(write => write.Events.Count));
        return inner.WriteAsync(writes, cancellationToken);
    }

    public Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken) =>
        inner.ReadAsync(persistenceId, fromSequenceNr, toSequenceNr, max, cancellationToken);

    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken) =>
        inner.ReadHighestSequenceNrAsync(persistenceId, cancellationToken);

    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        inner.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);

    public Task<IReadOnlyList<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken) =>
        inner.ReadByTagAsync(tag, after, max, cancellationToken);

    public Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken) => inner.ReadHighestOffsetAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken) =>
        inner.ReadPersistenceIdsAsync(after, max, cancellationToken);

    public Task<long> RaiseFenceAsync(string name, long epoch, CancellationToken cancellationToken) => inner.RaiseFenceAsync(name, epoch, cancellationToken);

    public Task<long> ReadFenceAsync(string name, CancellationToken cancellationToken) => inner.ReadFenceAsync(name, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
