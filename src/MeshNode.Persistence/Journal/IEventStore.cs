using MeshNode.Persistence.Query;

namespace MeshNode.Persistence.Journal;

/// <summary>
/// Keeps events. Below it is an engine, above it one <c>EventBatcher</c> that groups the writes of many actors. All methods
/// may be called at any time after <see cref="StartAsync"/> from any thread and concurrently, but for
/// <see cref="WriteAsync"/>, of which one runs at a time. A method that throws has changed nothing and may be called
/// again; a cancelled one throws <see cref="OperationCanceledException"/>.
/// </summary>
public interface IEventStore : IAsyncDisposable
{
    /// <summary>
    /// What the engine says of itself about durability, such as <c>journal_mode=wal synchronous=2(FULL)</c>, read back
    /// from it at start; <c>volatile</c> for memory. Empty before the start.
    /// </summary>
    string Durability { get; }

    /// <summary>
    /// Connects, brings the schema to this version, and checks that the engine is as durable as it was told to be. Called
    /// once by each user of a store that is shared by several systems: again is harmless.
    /// </summary>
    /// <exception cref="InvalidOperationException">The schema is newer than this version, or the engine is less durable than asked for.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes all in one transaction, in their order, and returns one result for each, by index.
    /// <list type="bullet">
    /// <item>A write that is fenced, taken or rejected fails alone: the others are written.</item>
    /// <item>But once a write of a persistence id was fenced or taken, the later writes of that id in the same call get
    /// the same result, unwritten: they come from the same stale writer. (After a rejection they go on: numbers may have gaps.)</item>
    /// <item>A write is taken unless its first number is above the id's highest, counting what this call has written before it.</item>
    /// <item>A fence is checked against, and locked with, the transaction that writes. Fence goes before taken, taken before rejected.</item>
    /// <item>Returned means durable. Thrown means that nothing of it is written, or that nobody can know (the connection
    /// went during the commit): whoever wrote must recover before writing again.</item>
    /// <item>Cancellation is honoured only until the transaction begins to commit.</item>
    /// </list>
    /// </summary>
    Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken);

    /// <summary>
    /// The events from <paramref name="fromSequenceNr"/> to <paramref name="toSequenceNr"/>, both included, at most
    /// <paramref name="max"/>, and fewer where the store bounds the bytes of a page. Deleted ones and gaps are passed over.
    /// An unknown id, or a from above to, gives an empty page.
    /// </summary>
    /// <param name="max">From 1.</param>
    Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken);

    /// <summary>The highest sequence number ever written for the id, also when its events are deleted; 0 if there was none.</summary>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken);

    /// <summary>Deletes the id's events up to <paramref name="toSequenceNr"/>, included; <see cref="long.MaxValue"/> for all.</summary>
    Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken);

    /// <summary>
    /// At most <paramref name="max"/> events that carry the tag, by rising <see cref="StoredEvent.Ordering"/>, which is set,
    /// after <paramref name="after"/>, excluded. The order is safe against late commits: never an event before which another
    /// may still appear; such a one waits. For one persistence id the order is that of its sequence numbers. Empty when
    /// there is none now.
    /// </summary>
    /// <param name="tag">Compared ordinally.</param>
    /// <param name="max">From 1.</param>
    Task<IReadOnlyList<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken);

    /// <summary>The highest offset that <see cref="ReadByTagAsync"/> might return now, for any tag; <see cref="Offset.NoOffset"/> if none.</summary>
    Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken);

    /// <summary>
    /// At most <paramref name="max"/> ids that have ever been written, deleted events or not, in ordinal order of their
    /// UTF-8 bytes, after <paramref name="after"/>, excluded; from the first when null.
    /// </summary>
    Task<IReadOnlyList<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken);

    /// <summary>
    /// Sets the fence to <paramref name="epoch"/> if that is above what stands, durably, and returns what stands then. Waits
    /// for the writes that hold the fence. It does not tell two callers with one epoch apart: who hands out epochs must.
    /// </summary>
    Task<long> RaiseFenceAsync(string name, long epoch, CancellationToken cancellationToken);

    /// <summary>What stands; 0 for a fence that was never raised.</summary>
    Task<long> ReadFenceAsync(string name, CancellationToken cancellationToken);
}
