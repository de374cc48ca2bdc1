using MeshNode.Persistence.Query;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Journal;

/// <summary>
/// Keeps events and snapshots in memory, with every promise of a store but durability: for tests, and for embedded use
/// where nothing has to outlive the process. It outlives systems: one made after another finds what the other wrote.
/// </summary>
public sealed class InMemoryEventStore : IEventStore, ISnapshotStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, InMemoryStream> _streams = new(Utf8Order.Instance);
    private readonly Dictionary<string, List<StoredEvent>> _byTag = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _fences = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedList<long, StoredSnapshot>> _snapshots = new(StringComparer.Ordinal);
    private long _lastOrdering;

    public string Durability => "volatile";

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Keeps everything: it belongs to whoever made it.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        cancellationToken.ThrowIfCancellationRequested();
        var results = new WriteResult[writes.Count];
        Dictionary<string, WriteResult>? stale = null;
        lock (_lock)
        {
            for (var index = 0; index < results.Length; index++)
            {
                var write = writes[index];
                if (stale is null || !stale.TryGetValue(write.PersistenceId, out var result))
                {
                    result = Write(write);
                    if (result.Outcome is WriteOutcome.Fenced or WriteOutcome.SequenceTaken)
                    {
                        (stale ??= new(StringComparer.Ordinal)).Add(write.PersistenceId, result);
                    }
                }

                results[index] = result;
            }
        }

        return Task.FromResult(results);
    }

    public Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(_streams.TryGetValue(persistenceId, out var stream)
                ? stream.Read(fromSequenceNr, toSequenceNr, max)
                : new EventPage([], 0, HasMore: false));
        }
    }

    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(_streams.TryGetValue(persistenceId, out var stream) ? stream.HighestSequenceNr : 0);
        }
    }

    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_streams.TryGetValue(persistenceId, out var stream))
            {
                var tags = stream.DeleteTo(toSequenceNr);
                foreach (var tag in tags)
                {
                    _byTag[tag].RemoveAll(@event => @event.PersistenceId == persistenceId && @event.SequenceNr <= toSequenceNr);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_byTag.TryGetValue(tag, out var events))
            {
                return Task.FromResult<IReadOnlyList<StoredEvent>>([]);
            }

            var (low, high) = (0, events.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = events[middle].Ordering! > after ? (low, middle) : (middle + 1, high);
            }

            return Task.FromResult<IReadOnlyList<StoredEvent>>(events.GetRange(low, Math.Min(max, events.Count - low)));
        }
    }

    public Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(Offset.Sequence(_lastOrdering));
        }
    }

    public Task<IReadOnlyList<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<string>>(
                [.. _streams.Keys.SkipWhile(id => after is not null && Utf8Order.Instance.Compare(id, after) <= 0).Take(max)]);
        }
    }

    public Task<long> RaiseFenceAsync(string name, long epoch, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectFence(name), nameof(name));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(_fences[name] = Math.Max(epoch, _fences.GetValueOrDefault(name)));
        }
    }

    public Task<long> ReadFenceAsync(string name, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectFence(name), nameof(name));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(_fences.GetValueOrDefault(name));
        }
    }

    public Task<StoredSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return Task.FromResult(_snapshots.TryGetValue(persistenceId, out var snapshots)
                ? snapshots.Values.LastOrDefault(snapshot => criteria.IsMatch(snapshot.Metadata))
                : null);
        }
    }

    public Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        EventRules.ThrowIfRejected(EventRules.Reject(snapshot, int.MaxValue), nameof(snapshot));
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_snapshots.TryGetValue(snapshot.Metadata.PersistenceId, out var snapshots))
            {
                _snapshots.Add(snapshot.Metadata.PersistenceId, snapshots = []);
            }

            snapshots[snapshot.Metadata.SequenceNr] = snapshot;
        }

        return Task.CompletedTask;
    }

    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return DeleteSnapshots(
            metadata.PersistenceId,
            known => known.SequenceNr == metadata.SequenceNr
                && (metadata.Timestamp == DateTime.MinValue || metadata.Timestamp == known.Timestamp),
            cancellationToken);
    }

    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        return DeleteSnapshots(persistenceId, criteria.IsMatch, cancellationToken);
    }

    private Task DeleteSnapshots(string persistenceId, Func<SnapshotMetadata, bool> isMatch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (_snapshots.TryGetValue(persistenceId, out var snapshots))
            {
                foreach (var snapshot in snapshots.Values.Where(snapshot => isMatch(snapshot.Metadata)).ToArray())
                {
                    snapshots.Remove(snapshot.Metadata.SequenceNr);
                }
            }
        }

        return Task.CompletedTask;
    }

    private WriteResult Write(AtomicWrite write)
    {
        if (write.Fence is { } fence && _fences.GetValueOrDefault(fence.Name) is var epoch && epoch != fence.Epoch)
        {
            return new WriteResult(WriteOutcome.Fenced, $"fence {fence.Name} stands at {epoch}, the write has {fence.Epoch}");
        }

        var rejection = EventRules.Reject(write, int.MaxValue);
        if (_streams.TryGetValue(write.PersistenceId, out var stream) && write.Events.Count > 0 && write.FirstSequenceNr <= stream.HighestSequenceNr)
        {
            return new WriteResult(WriteOutcome.SequenceTaken, $"sequence number {write.FirstSequenceNr} is taken, the highest is {stream.HighestSequenceNr}");
        }

        if (rejection is not null)
        {
            return new WriteResult(WriteOutcome.Rejected, rejection);
        }

        if (stream is null)
        {
            _streams.Add(write.PersistenceId, stream = new InMemoryStream());
        }

        foreach (var @event in write.Events)
        {
            var placed = @event with { Ordering = Offset.Sequence(++_lastOrdering) };
            stream.Add(placed);
            foreach (var tag in @event.Tags)
            {
                if (!_byTag.TryGetValue(tag, out var tagged))
                {
                    _byTag.Add(tag, tagged = []);
                }

                tagged.Add(placed);
            }
        }

        return WriteResult.Written;
    }
}
