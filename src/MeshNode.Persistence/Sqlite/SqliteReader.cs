using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Snapshots;
using MeshNode.Persistence.Sql;

namespace MeshNode.Persistence.Sqlite;

/// <summary>
/// A connection that only reads; one caller at a time. Each method sees one state of the database and lets go of it at
/// its end, so that the write-ahead log can be taken in.
/// </summary>
internal sealed class SqliteReader : IDisposable
{
    /// <summary>A page ends after this many bytes of payloads, so that large events do not add up in memory.</summary>
    private const int MaxPageBytes = 4 << 20;

    private const string EventColumns = "j.sequence_nr, j.manifest, j.version, j.timestamp, j.tags, j.payload";

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _end;
    private readonly SqliteStatement _id;
    private readonly SqliteStatement _older;
    private readonly SqliteStatement _recent;
    private readonly SqliteStatement _highestOlder;
    private readonly SqliteStatement _highestRecent;
    private readonly SqliteStatement _byTag;
    private readonly SqliteStatement _highestOrdering;
    private readonly SqliteStatement _ids;
    private readonly SqliteStatement _fence;
    private readonly SqliteStatement _snapshot;
    private readonly TextCache _manifests = new();

    public SqliteReader(SqliteDatabase database)
    {
        _database = database;
        // An actor's events lie among those of all others: nearly each one is in another page, which is not read but mapped.
        // The file never shrinks while it is open, so no page goes away under the mapping.
        database.Execute(Environment.Is64BitProcess
            ? "PRAGMA query_only = ON; PRAGMA cache_size = -8192; PRAGMA mmap_size = 1073741824"
            : "PRAGMA query_only = ON; PRAGMA cache_size = -8192");
        _begin = database.Prepare("BEGIN");
        _end = database.Prepare("COMMIT");
        _id = database.Prepare("SELECT id, deleted_to FROM persistence_ids WHERE persistence_id = ?1");
        _older = database.Prepare(Range("journal_index"));
        _recent = database.Prepare(Range("journal_recent"));
        _highestOlder = database.Prepare("SELECT max(sequence_nr) FROM journal_index WHERE id = ?1");
        _highestRecent = database.Prepare("SELECT max(sequence_nr) FROM journal_recent WHERE id = ?1");
        _byTag = database.Prepare($"""
            SELECT {EventColumns}, j.ordering, p.persistence_id
            FROM journal_tags t CROSS JOIN journal j ON j.ordering = t.ordering CROSS JOIN persistence_ids p ON p.id = j.id
            WHERE t.tag_id = (SELECT id FROM tags WHERE tag = ?1) AND t.ordering > ?2 ORDER BY t.ordering LIMIT ?3
            """);
        _highestOrdering = database.Prepare("SELECT max(ordering) FROM journal");
        _ids = database.Prepare("""
            SELECT persistence_id FROM persistence_ids p
            WHERE persistence_id > ?1 AND (deleted_to > 0 OR EXISTS (SELECT 1 FROM journal_recent r WHERE r.id = p.id)
                OR EXISTS (SELECT 1 FROM journal_index i WHERE i.id = p.id))
            ORDER BY persistence_id LIMIT ?2
            """);
        _fence = database.Prepare("SELECT epoch FROM fences WHERE name = ?1");
        _snapshot = database.Prepare("""
            SELECT sequence_nr, timestamp, manifest, version, payload FROM snapshots
            WHERE id = (SELECT id FROM persistence_ids WHERE persistence_id = ?1)
                AND sequence_nr BETWEEN ?2 AND ?3 AND timestamp BETWEEN ?4 AND ?5
            ORDER BY sequence_nr DESC LIMIT 1
            """);

        static string Range(string index) => $"""
            SELECT {EventColumns} FROM {index} i CROSS JOIN journal j ON j.ordering = i.ordering
            WHERE i.id = ?1 AND i.sequence_nr BETWEEN ?2 AND ?3 ORDER BY i.sequence_nr LIMIT ?4
            """;
    }

    /// <summary>See <see cref="IEventStore.ReadAsync"/>.</summary>
    public EventPage Read(string persistenceId, long fromSequenceNr, long toSequenceNr, int max) => InOneView(() =>
    {
        if (FindId(persistenceId) is not var (id, deletedTo))
        {
            return new EventPage([], 0, false);
        }

        var page = new List<StoredEvent>();
        long bytes = 0;
        var hasMore = ReadRange(_older, persistenceId, id, fromSequenceNr, toSequenceNr, max, page, ref bytes)
            || ReadRange(_recent, persistenceId, id, fromSequenceNr, toSequenceNr, max, page, ref bytes);
        return new EventPage(page, Highest(id, deletedTo), hasMore);
    });

    /// <summary>See <see cref="IEventStore.ReadHighestSequenceNrAsync"/>.</summary>
    public long ReadHighestSequenceNr(string persistenceId) => InOneView(() => FindId(persistenceId) is var (id, deletedTo) ? Highest(id, deletedTo) : 0);

    /// <summary>See <see cref="IEventStore.ReadByTagAsync"/>. With one writer, the order of the rows is that of the commits.</summary>
    public IReadOnlyList<StoredEvent> ReadByTag(string tag, long after, int max)
    {
        var events = new List<StoredEvent>();
        long bytes = 0;
        try
        {
            _byTag.Bind(1, tag).Bind(2, after).Bind(3, max);
            while (bytes < MaxPageBytes && _byTag.Step())
            {
                var storedEvent = Event(_byTag, _byTag.GetText(7)) with { Ordering = Offset.Sequence(_byTag.GetInt64(6)) };
                bytes += storedEvent.Payload.Length;
                events.Add(storedEvent);
            }

            return events;
        }
        finally
        {
            _byTag.Reset();
        }
    }

    /// <summary>See <see cref="IEventStore.ReadHighestOffsetAsync"/>.</summary>
    public long ReadHighestOrdering() => _highestOrdering.Scalar() ?? 0;

    /// <summary>See <see cref="IEventStore.ReadPersistenceIdsAsync"/>.</summary>
    public IReadOnlyList<string> ReadPersistenceIds(string? after, int max)
    {
        var ids = new List<string>();
        try
        {
            _ids.Bind(1, after ?? "").Bind(2, max);
            while (_ids.Step())
            {
                ids.Add(_ids.GetText(0));
            }

            return ids;
        }
        finally
        {
            _ids.Reset();
        }
    }

    /// <summary>See <see cref="IEventStore.ReadFenceAsync"/>.</summary>
    public long ReadFence(string name) => _fence.Bind(1, name).Scalar() ?? 0;

    /// <summary>See <see cref="ISnapshotStore.LoadAsync"/>.</summary>
    public StoredSnapshot? LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        try
        {
            _snapshot.Bind(1, persistenceId).Bind(2, criteria.MinSequenceNr).Bind(3, criteria.MaxSequenceNr)
                .Bind(4, criteria.MinTimestamp?.Ticks ?? 0).Bind(5, criteria.MaxTimeStamp.Ticks);
            return _snapshot.Step()
                ? new StoredSnapshot(
                    new SnapshotMetadata(persistenceId, _snapshot.GetInt64(0), new DateTime(_snapshot.GetInt64(1), DateTimeKind.Utc)),
                    _snapshot.GetText(2),
                    (int)_snapshot.GetInt64(3),
                    _snapshot.GetBytes(4).ToArray())
                : null;
        }
        finally
        {
            _snapshot.Reset();
        }
    }

    public void Dispose() => _database.Dispose();

    private T InOneView<T>(Func<T> read)
    {
        _begin.Run();
        try
        {
            return read();
        }
        finally
        {
            _end.Run();
        }
    }

    private (long Id, long DeletedTo)? FindId(string persistenceId)
    {
        var found = _id.Bind(1, persistenceId).Step() ? (_id.GetInt64(0), _id.GetInt64(1)) : ((long, long)?)null;
        _id.Reset();
        return found;
    }

    private long Highest(long id, long deletedTo) =>
        Math.Max(deletedTo, _highestRecent.Bind(1, id).Scalar() ?? _highestOlder.Bind(1, id).Scalar() ?? 0);

    /// <summary>Returns whether it stopped before the end of the range.</summary>
    private bool ReadRange(SqliteStatement range, string persistenceId, long id, long from, long to, int max, List<StoredEvent> page, ref long bytes)
    {
        try
        {
            // One more than asked for tells whether there is more.
            range.Bind(1, id).Bind(2, from).Bind(3, to).Bind(4, max - page.Count + 1L);
            while (range.Step())
            {
                if (page.Count == max || bytes >= MaxPageBytes)
                {
                    return true;
                }

                var storedEvent = Event(range, persistenceId);
                bytes += storedEvent.Payload.Length;
                page.Add(storedEvent);
            }

            return false;
        }
        finally
        {
            range.Reset();
        }
    }

    private StoredEvent Event(SqliteStatement row, string persistenceId) => new(
        persistenceId,
        row.GetInt64(0),
        _manifests.Get(row.GetBytes(1)),
        (int)row.GetInt64(2),
        row.GetBytes(5).ToArray(),
        row.GetInt64(3),
        row.IsNull(4) ? [] : TagsJson.Read(row.GetText(4)));
}
