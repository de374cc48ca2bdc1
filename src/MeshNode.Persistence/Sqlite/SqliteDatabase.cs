using SQLitePCL;

namespace MeshNode.Persistence.Sqlite;

/// <summary>
/// One connection, used by one thread at a time. Straight on SQLite's own interface: a statement's step is about the cost of
/// an insert, so a layer of commands, parameters and readers over it would take longer than the work.
/// </summary>
internal sealed class SqliteDatabase : IDisposable
{
    private readonly List<SqliteStatement> _statements = [];
    private readonly sqlite3 _handle;

    private SqliteDatabase(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    /// <summary>Opens a file that exists.</summary>
    /// <param name="busyTimeout">How long a statement waits for another connection's lock.</param>
    /// <exception cref="SqliteStoreException">It cannot be opened.</exception>
    public static SqliteDatabase Open(string path, TimeSpan busyTimeout)
    {
        SqliteLibrary.EnsureLoaded();
        var code = raw.sqlite3_open_v2(path, out var handle, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_NOMUTEX, null);
        var database = new SqliteDatabase(path, handle);
        try
        {
            database.Check(code);
            _ = raw.sqlite3_extended_result_codes(handle, 1);
            _ = raw.sqlite3_busy_timeout(handle, (int)busyTimeout.TotalMilliseconds);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements that return nothing of interest.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row, as text; empty when there is no row.</summary>
    public string QueryText(string sql)
    {
        using var statement = Compile(sql);
        return statement.Step() ? statement.GetText(0) : "";
    }

    /// <summary>The first column of the first row; 0 for NULL and when there is no row.</summary>
    public long QueryInt64(string sql)
    {
        using var statement = Compile(sql);
        return statement.Step() ? statement.GetInt64(0) : 0;
    }

    /// <summary>A statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = Compile(sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs the work in a transaction that may write, which it has alone from the start.</summary>
    /// <exception cref="SqliteStoreException">The commit failed, or the work did: nothing is changed.</exception>
    public T Transact<T>(Func<T> work)
    {
        Execute("BEGIN IMMEDIATE");
        try
        {
            var result = work();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
    }

    /// <summary>Ends a transaction that failed, if SQLite has not ended it already.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(_handle) == 0)
        {
            foreach (var statement in _statements)
            {
                statement.Reset();
            }

            Execute("ROLLBACK");
        }
    }

    /// <summary>Pages that this connection has written since the last call.</summary>
    public int TakePagesWritten()
    {
        const int CacheWrite = 9; // SQLITE_DBSTATUS_CACHE_WRITE
        Check(raw.sqlite3_db_status(_handle, CacheWrite, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Moves what is in the write-ahead log to the database file, as far as no reader needs it.</summary>
    /// <param name="truncate">Waits for readers and empties the log's file; otherwise only what goes at once.</param>
    /// <returns>Whether the log is empty now, so that it is written from its start again.</returns>
    public bool Checkpoint(bool truncate)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, null, truncate ? raw.SQLITE_CHECKPOINT_TRUNCATE : raw.SQLITE_CHECKPOINT_PASSIVE, out var inLog, out var moved);
        if ((code & 0xFF) is not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED))
        {
            Check(code);
        }

        return inLog == moved;
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }

    /// <exception cref="SqliteStoreException">The code is an error's.</exception>
    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            throw new SqliteStoreException(Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());
        }
    }

    private SqliteStatement Compile(string sql)
    {
        const uint Persistent = 1; // SQLITE_PREPARE_PERSISTENT
        var code = raw.sqlite3_prepare_v3(_handle, sql, Persistent, out var handle);
        Check(code);
        return new SqliteStatement(this, handle);
    }
}
