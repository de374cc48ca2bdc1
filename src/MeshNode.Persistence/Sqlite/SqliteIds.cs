namespace MeshNode.Persistence.Sqlite;

/// <summary>The numbers of persistence ids and their highest sequence numbers. Touched only by the writer's thread.</summary>
internal sealed class SqliteIds(SqliteDatabase database)
{
    /// <summary>About 200 bytes each. Beyond it the memory is given back and filled again with those in use.</summary>
    private const int MaxRemembered = 1 << 18;

    private readonly Dictionary<string, Actor> _actors = new(StringComparer.Ordinal);
    private readonly SqliteStatement _find = database.Prepare("SELECT id, deleted_to FROM persistence_ids WHERE persistence_id = ?1");
    private readonly SqliteStatement _add = database.Prepare("INSERT INTO persistence_ids (persistence_id) VALUES (?1)");
    private readonly SqliteStatement _added = database.Prepare("SELECT last_insert_rowid()");
    private readonly SqliteStatement _recent = database.Prepare("SELECT max(sequence_nr) FROM journal_recent WHERE id = ?1");
    private readonly SqliteStatement _older = database.Prepare("SELECT max(sequence_nr) FROM journal_index WHERE id = ?1");

    internal sealed class Actor(long id, long highestSequenceNr)
    {
        public long Id { get; } = id;

        /// <summary>Ever written; 0 for none.</summary>
        public long HighestSequenceNr { get; set; } = highestSequenceNr;
    }

    /// <summary>Null for an id that was never seen.</summary>
    public Actor? Find(string persistenceId)
    {
        if (_actors.TryGetValue(persistenceId, out var known))
        {
            return known;
        }

        var found = _find.Bind(1, persistenceId).Step();
        var (id, deletedTo) = found ? (_find.GetInt64(0), _find.GetInt64(1)) : default;
        _find.Reset();
        if (!found)
        {
            return null;
        }

        // What is recent is above what is older.
        var written = _recent.Bind(1, id).Scalar() ?? _older.Bind(1, id).Scalar() ?? 0;
        return Remember(persistenceId, new Actor(id, Math.Max(written, deletedTo)));
    }

    /// <summary>Found or made, in the transaction of the caller.</summary>
    public Actor GetOrAdd(string persistenceId)
    {
        if (Find(persistenceId) is { } known)
        {
            return known;
        }

        _add.Bind(1, persistenceId).Run();
        return Remember(persistenceId, new Actor(_added.Scalar()!.Value, 0));
    }

    /// <summary>After a transaction that was rolled back, or that another process committed.</summary>
    public void Forget() => _actors.Clear();

    private Actor Remember(string persistenceId, Actor actor)
    {
        if (_actors.Count >= MaxRemembered)
        {
            _actors.Clear();
        }

        _actors.Add(persistenceId, actor);
        return actor;
    }
}
