using System.Globalization;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Sql;

namespace MeshNode.Persistence.Sqlite;

/// <summary>What changes the journal, each in one transaction. Touched only by the writer's thread.</summary>
internal sealed class SqliteJournal
{
    /// <summary>
    /// Events whose places gather before they are moved to the large index (see the schema). Measured with 1,000 actors that
    /// write in turn: 4,096 makes 120,000 events/s, 16,384 and 65,536 make 190,000 to 210,000, no gathering 50,000.
    /// </summary>
    private const int MergeAt = 16_384;

    private readonly SqliteDatabase _database;
    private readonly SqliteIds _ids;
    private readonly int _maxPayloadBytes;
    private readonly SqliteStatement _dataVersion;
    private readonly SqliteStatement _lastOrdering;
    private readonly SqliteStatement _recentCount;
    private readonly SqliteStatement _insertEvent;
    private readonly SqliteStatement _insertRecent;
    private readonly SqliteStatement _fence;
    private readonly SqliteStatement _raiseFence;
    private readonly SqliteTags _tags;

    private long _seenDataVersion = -1;
    private long _ordering; // of the last event
    private long _recent; // rows in journal_recent

    public SqliteJournal(SqliteDatabase database, SqliteIds ids, int maxPayloadBytes)
    {
        _database = database;
        _ids = ids;
        _maxPayloadBytes = maxPayloadBytes;
        _tags = new SqliteTags(database);
        _dataVersion = database.Prepare("PRAGMA data_version");
        _lastOrdering = database.Prepare("SELECT max(last_ordering, coalesce((SELECT max(ordering) FROM journal), 0)) FROM journal_state");
        _recentCount = database.Prepare("SELECT count(*) FROM journal_recent");
        _insertEvent = database.Prepare(
            "INSERT INTO journal (ordering, id, sequence_nr, manifest, version, timestamp, tags, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _insertRecent = database.Prepare("INSERT INTO journal_recent (id, sequence_nr, ordering) VALUES (?1, ?2, ?3)");
        _fence = database.Prepare("SELECT epoch FROM fences WHERE name = ?1");
        _raiseFence = database.Prepare("INSERT INTO fences (name, epoch) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch");
    }

    /// <summary>See <see cref="IEventStore.WriteAsync"/>.</summary>
    public WriteResult[] Write(IReadOnlyList<AtomicWrite> writes) => Transact(() =>
    {
        var results = new WriteResult[writes.Count];
        Dictionary<string, WriteResult>? stale = null; // by persistence id
        for (var i = 0; i < results.Length; i++)
        {
            if (stale?.TryGetValue(writes[i].PersistenceId, out results[i]) == true)
            {
                continue;
            }

            results[i] = Write(writes[i]);
            if (results[i].Outcome is WriteOutcome.Fenced or WriteOutcome.SequenceTaken)
            {
                (stale ??= new(StringComparer.Ordinal)).Add(writes[i].PersistenceId, results[i]);
            }
        }

        if (_recent >= MergeAt)
        {
            _database.Execute("INSERT INTO journal_index SELECT * FROM journal_recent; DELETE FROM journal_recent");
            _recent = 0;
        }

        return results;
    });

    /// <summary>See <see cref="IEventStore.DeleteToAsync"/>.</summary>
    public bool DeleteTo(string persistenceId, long toSequenceNr) => Transact(() =>
    {
        if (_ids.Find(persistenceId) is not { } actor)
        {
            return false;
        }

        var to = Math.Min(toSequenceNr, actor.HighestSequenceNr);
        var range = string.Create(CultureInfo.InvariantCulture, $"id = {actor.Id} AND sequence_nr <= {to}");
        var events = $"SELECT ordering FROM journal_index WHERE {range} UNION ALL SELECT ordering FROM journal_recent WHERE {range}";
        // The row with the highest ordering may go: its number must not be given again.
        _database.Execute(string.Create(CultureInfo.InvariantCulture, $"""
            UPDATE persistence_ids SET deleted_to = max(deleted_to, {to}) WHERE id = {actor.Id};
            UPDATE journal_state SET last_ordering = {_ordering};
            DELETE FROM journal_tags WHERE (tag_id, ordering) IN (
                SELECT t.id, j.ordering FROM journal j, json_each(j.tags) e, tags t
                WHERE j.ordering IN ({events}) AND j.tags IS NOT NULL AND t.tag = e.value);
            DELETE FROM journal WHERE ordering IN ({events});
            DELETE FROM journal_index WHERE {range};
            DELETE FROM journal_recent WHERE {range}
            """));
        _recent = _recentCount.Scalar()!.Value;
        return true;
    });

    /// <summary>See <see cref="IEventStore.RaiseFenceAsync"/>.</summary>
    public long RaiseFence(string name, long epoch) => Transact(() =>
    {
        var stands = _fence.Bind(1, name).Scalar() ?? 0;
        if (epoch <= stands)
        {
            return stands;
        }

        _raiseFence.Bind(1, name).Bind(2, epoch).Run();
        return epoch;
    });

    /// <summary>
    /// A transaction has the file alone from its start. What is remembered is thrown away when another process has
    /// committed since (SQLite counts that as <c>data_version</c>), and when the transaction fails.
    /// </summary>
    public T Transact<T>(Func<T> work)
    {
        try
        {
            return _database.Transact(() =>
            {
                var dataVersion = _dataVersion.Scalar()!.Value;
                if (dataVersion != _seenDataVersion)
                {
                    _ids.Forget();
                    _tags.Forget();
                    _ordering = _lastOrdering.Scalar()!.Value;
                    _recent = _recentCount.Scalar()!.Value;
                    _seenDataVersion = dataVersion;
                }

                return work();
            });
        }
        catch
        {
            _seenDataVersion = -1;
            throw;
        }
    }

    private WriteResult Write(AtomicWrite write)
    {
        if (write.Fence is { } fence)
        {
            // Nobody raises it before this transaction ends: there is one writer.
            var stands = _fence.Bind(1, fence.Name).Scalar() ?? 0;
            if (stands != fence.Epoch)
            {
                return WriteRefusal.Fenced(fence, stands);
            }
        }

        var rejection = EventRules.Reject(write, _maxPayloadBytes);
        var actor = rejection is null || EventRules.RejectId(write.PersistenceId) is null ? _ids.Find(write.PersistenceId) : null;
        if (actor is not null && write.Events.Count > 0 && write.FirstSequenceNr <= actor.HighestSequenceNr)
        {
            return WriteRefusal.Taken(write, actor.HighestSequenceNr);
        }

        if (rejection is not null)
        {
            return WriteRefusal.Rejected(rejection);
        }

        actor ??= _ids.GetOrAdd(write.PersistenceId);
        for (var i = 0; i < write.Events.Count; i++)
        {
            Insert(actor.Id, write.Events[i]);
        }

        actor.HighestSequenceNr = write.LastSequenceNr;
        return WriteResult.Written;
    }

    private void Insert(long id, StoredEvent storedEvent)
    {
        _ordering++;
        _recent++;
        _insertEvent.Bind(1, _ordering).Bind(2, id).Bind(3, storedEvent.SequenceNr).Bind(4, storedEvent.Manifest)
            .Bind(5, storedEvent.Version).Bind(6, storedEvent.Timestamp).Bind(7, TagsJson.Write(storedEvent.Tags)).Bind(8, storedEvent.Payload.Span)
            .Run();
        _insertRecent.Bind(1, id).Bind(2, storedEvent.SequenceNr).Bind(3, _ordering).Run();
        _tags.Insert(storedEvent.Tags, _ordering);
    }
}
