using SQLitePCL;

namespace MeshNode.Persistence.Sqlite;

/// <summary>SQLite could not do what the store asked for; the message says what to do where that is known.</summary>
public sealed class SqliteStoreException : IOException
{
    internal SqliteStoreException(string path, int resultCode, string detail)
        : base($"SQLite, {path}: {Explain(resultCode)} ({detail}, code {resultCode})")
    {
        ResultCode = resultCode;
    }

    /// <summary>SQLite's extended result code.</summary>
    public int ResultCode { get; }

    private static string Explain(int code) => (code & 0xFF) switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another process has held the file's lock for longer than the busy timeout",
        raw.SQLITE_NOTADB => "this file is not a SQLite database",
        raw.SQLITE_CORRUPT => "the file is damaged; restore it from a backup",
        raw.SQLITE_CANTOPEN => "the file cannot be opened; check that its folder exists and may be written",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => "the file or its folder may not be written by this user",
        raw.SQLITE_FULL => "the disk is full",
        raw.SQLITE_IOERR => "the disk reported an error",
        _ => "the statement failed",
    };
}
