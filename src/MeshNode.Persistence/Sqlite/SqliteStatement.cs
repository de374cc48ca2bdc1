using System.Buffers;
using System.Text;
using SQLitePCL;

namespace MeshNode.Persistence.Sqlite;

/// <summary>A prepared statement. Parameters count from 1, columns from 0, as in SQLite.</summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt handle) : IDisposable
{
    private const int StackBytes = 512;

    public SqliteStatement Bind(int parameter, long value)
    {
        database.Check(raw.sqlite3_bind_int64(handle, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            // An empty span has no address, which SQLite would take for NULL.
            database.Check(text is null ? raw.sqlite3_bind_null(handle, parameter) : raw.sqlite3_bind_text(handle, parameter, ""));
            return this;
        }

        var length = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (length <= StackBytes)
        {
            Span<byte> bytes = stackalloc byte[StackBytes];
            BindUtf8(parameter, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
            return this;
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        BindUtf8(parameter, rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        ArrayPool<byte>.Shared.Return(rented);
        return this;
    }

    /// <param name="value">Copied by SQLite.</param>
    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        // An empty span has no address, which SQLite would take for NULL.
        database.Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, parameter, 0) : raw.sqlite3_bind_blob(handle, parameter, value));
        return this;
    }

    /// <summary>Goes to the next row, if there is one.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        if (code != raw.SQLITE_DONE)
        {
            Reset();
            database.Check(code);
        }

        return false;
    }

    /// <summary>Runs a statement without rows, and makes it ready for the next time.</summary>
    public void Run()
    {
        Step();
        Reset();
    }

    /// <summary>The only column of the only row; null when there is no row or it holds NULL.</summary>
    public long? Scalar()
    {
        var value = Step() && raw.sqlite3_column_type(handle, 0) != raw.SQLITE_NULL ? GetInt64(0) : (long?)null;
        Reset();
        return value;
    }

    /// <summary>Ends the reading: until then the connection holds its view of the database.</summary>
    public void Reset() => _ = raw.sqlite3_reset(handle); // returns again what the last step said

    public long GetInt64(int column) => raw.sqlite3_column_int64(handle, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public string GetText(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(handle, column));

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> GetBytes(int column) => raw.sqlite3_column_blob(handle, column);

    public void Dispose() => handle.Dispose();

    private void BindUtf8(int parameter, ReadOnlySpan<byte> utf8) => database.Check(raw.sqlite3_bind_text(handle, parameter, utf8));
}
