using System.Collections.Concurrent;

namespace MeshNode.Persistence.Sqlite;

/// <summary>The connections that read: opened when one is wanted and none is free, up to a bound; beyond it callers wait.</summary>
internal sealed class SqliteReaders(SqliteStoreOptions options) : IDisposable
{
    private readonly ConcurrentBag<SqliteReader> _free = [];
    private readonly SemaphoreSlim _permits = new(options.Readers, options.Readers);
    private volatile bool _disposed;

    /// <summary>Runs the reading on the thread pool.</summary>
    /// <exception cref="ObjectDisposedException">The store is closed.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteReader, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteStore));
        await _permits.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => Run(read), CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Closes the connections once the readings under way have ended; later ones are refused.</summary>
    public async Task CloseAsync()
    {
        _disposed = true;
        for (var i = 0; i < options.Readers; i++)
        {
            await _permits.WaitAsync().ConfigureAwait(false);
        }

        Dispose();
        _permits.Release(options.Readers); // who came too late finds the store closed
    }

    public void Dispose()
    {
        while (_free.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private T Run<T>(Func<SqliteReader, T> read)
    {
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteStore));
            if (!_free.TryTake(out var reader))
            {
                reader = new SqliteReader(SqliteDatabase.Open(options.Path, options.BusyTimeout));
            }

            T result;
            try
            {
                result = read(reader);
            }
            catch
            {
                reader.Dispose(); // in whatever state it is
                throw;
            }

            _free.Add(reader);
            return result;
        }
        finally
        {
            _permits.Release();
        }
    }
}
