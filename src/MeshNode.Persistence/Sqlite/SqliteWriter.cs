using System.Collections.Concurrent;

namespace MeshNode.Persistence.Sqlite;

/// <summary>
/// The only connection that writes, on a thread of its own: SQLite has one writer at a time, and a thread that waits for the
/// disk is none of the pool's.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int PageBytes = 4096;

    private readonly BlockingCollection<Action> _jobs = new(new ConcurrentQueue<Action>());
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SqliteStoreOptions _options;
    private SqliteDatabase? _database; // touched only by the thread
    private long _bytesInLog; // as far as this connection wrote them

    public SqliteWriter(SqliteStoreOptions options)
    {
        _options = options;
        var thread = new Thread(Run) { IsBackground = true, Name = $"sqlite {Path.GetFileName(options.Path)}" };
        thread.Start();
    }

    /// <summary>Runs the work on the thread, after what was asked for before.</summary>
    /// <param name="work">Gets the connection, which is opened by the first work.</param>
    /// <param name="cancellationToken">Honoured until the work begins.</param>
    /// <exception cref="ObjectDisposedException">The writer has been disposed.</exception>
    public Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            _jobs.Add(() => Complete(completion, work, cancellationToken), CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore), "The store is closed.");
        }

        return completion.Task;
    }

    /// <summary>Says which connection the thread looks after. On the thread.</summary>
    public void Attach(SqliteDatabase database) => _database = database;

    /// <summary>Finishes what was asked for, moves the write-ahead log into the database and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        _jobs.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
    }

    private static void Complete<T>(TaskCompletionSource<T> completion, Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            completion.SetCanceled(cancellationToken);
            return;
        }

        try
        {
            completion.SetResult(work());
        }
#pragma warning disable CA1031 // Whatever it is, the caller gets it; the thread serves others.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            completion.SetException(exception);
        }
    }

    private void Run()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            job();
            Tend(CheckpointWhenDue);
        }

        Tend(database => database.Checkpoint(truncate: true));
        Tend(database => database.Dispose());
        _ended.SetResult();
    }

    /// <summary>After the answer, so that no write waits for what it is not about.</summary>
    private void CheckpointWhenDue(SqliteDatabase database)
    {
        _bytesInLog += (long)database.TakePagesWritten() * PageBytes;
        if (_bytesInLog >= _options.CheckpointBytes)
        {
            database.Checkpoint(truncate: false);
            _bytesInLog = 0; // a reader may keep some of it there: then it goes with the next
        }
    }

    private void Tend(Action<SqliteDatabase> work)
    {
        try
        {
            if (_database is { } database)
            {
                work(database);
            }
        }
        catch (SqliteStoreException exception)
        {
            // Nothing is lost: the log still holds it, and the next opening reads it from there.
            _options.OnWarning?.Invoke($"Could not tend the write-ahead log: {exception.Message}");
        }
    }
}
