namespace MeshNode.Persistence.Sqlite;

/// <summary>Writes which events carry a tag. Touched only by the writer's thread.</summary>
internal sealed class SqliteTags(SqliteDatabase database)
{
    private const int MaxRemembered = 10_000;

    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly SqliteStatement _find = database.Prepare("SELECT id FROM tags WHERE tag = ?1");
    private readonly SqliteStatement _add = database.Prepare("INSERT INTO tags (tag) VALUES (?1)");
    private readonly SqliteStatement _added = database.Prepare("SELECT last_insert_rowid()");
    private readonly SqliteStatement _insert = database.Prepare("INSERT OR IGNORE INTO journal_tags (tag_id, ordering) VALUES (?1, ?2)");

    /// <summary>In the transaction of the caller.</summary>
    public void Insert(IReadOnlyList<string> tags, long ordering)
    {
        for (var i = 0; i < tags.Count; i++)
        {
            _insert.Bind(1, NumberOf(tags[i])).Bind(2, ordering).Run();
        }
    }

    /// <summary>After a transaction that was rolled back, or that another process committed.</summary>
    public void Forget() => _numbers.Clear();

    private long NumberOf(string tag)
    {
        if (_numbers.TryGetValue(tag, out var known))
        {
            return known;
        }

        if (_find.Bind(1, tag).Scalar() is not { } number)
        {
            _add.Bind(1, tag).Run();
            number = _added.Scalar()!.Value;
        }

        if (_numbers.Count >= MaxRemembered)
        {
            _numbers.Clear();
        }

        _numbers.Add(tag, number);
        return number;
    }
}
