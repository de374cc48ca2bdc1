using System.Globalization;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence.Sqlite;

/// <summary>
/// Events and snapshots in one SQLite file: write-ahead log, <c>synchronous=FULL</c>, the system's library. One transaction at
/// a time writes; readers do not wait for it. Several processes may open one file: their transactions take turns.
/// </summary>
public sealed class SqliteStore : IEventStore, ISnapshotStore
{
    private readonly SqliteStoreOptions _options;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;
    private readonly Lock _gate = new();
    private Task? _started;
    private SqliteJournal? _journal; // this and the next are touched only by the writer's thread
    private SqliteSnapshots? _snapshots;

    /// <param name="options">Where the file is; nothing is opened before <see cref="StartAsync"/>.</param>
    public SqliteStore(SqliteStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(options.Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Readers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CheckpointBytes, 1 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPayloadBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxPayloadBytes, 512 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.BusyTimeout, TimeSpan.Zero);
        _options = options;
        _writer = new SqliteWriter(options);
        _readers = new SqliteReaders(options);
    }

    /// <param name="path">Of the file; see <see cref="SqliteStoreOptions"/>.</param>
    public SqliteStore(string path)
        : this(new SqliteStoreOptions(path))
    {
    }

    /// <inheritdoc/>
    public string Durability { get; private set; } = "";

    /// <inheritdoc cref="IEventStore.StartAsync"/>
    /// <exception cref="IOException">The file or its folder cannot be used, or is no database; the message says which.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_started is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _started = _writer.RunAsync(Open, cancellationToken);
            }

            return _started;
        }
    }

    /// <inheritdoc/>
    public Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        return _writer.RunAsync(() => Journal.Write(writes), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _readers.RunAsync(reader => reader.Read(persistenceId, fromSequenceNr, toSequenceNr, max), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _readers.RunAsync(reader => reader.ReadHighestSequenceNr(persistenceId), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _writer.RunAsync(() => Journal.DeleteTo(persistenceId, toSequenceNr), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        return EventRules.RejectTag(tag) is not null
            ? Task.FromResult<IReadOnlyList<StoredEvent>>([]) // no event can carry it
            : _readers.RunAsync(reader => reader.ReadByTag(tag, after.Value, max), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken) =>
        _readers.RunAsync(reader => Offset.Sequence(reader.ReadHighestOrdering()), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        return _readers.RunAsync(reader => reader.ReadPersistenceIds(after, max), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> RaiseFenceAsync(string name, long epoch, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectFence(name), nameof(name));
        return _writer.RunAsync(() => Journal.RaiseFence(name, epoch), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadFenceAsync(string name, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectFence(name), nameof(name));
        return _readers.RunAsync(reader => reader.ReadFence(name), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _readers.RunAsync(reader => reader.LoadSnapshot(persistenceId, criteria), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The snapshot cannot be stored; the message says why.</exception>
    public Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        EventRules.ThrowIfRejected(EventRules.Reject(snapshot, _options.MaxPayloadBytes), nameof(snapshot));
        return _writer.RunAsync(() => Snapshots.Save(snapshot), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return DeleteAsync(metadata.PersistenceId, EventRules.Only(metadata), cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _writer.RunAsync(() => Snapshots.Delete(persistenceId, criteria), cancellationToken);
    }

    /// <summary>Ends what is under way, moves the write-ahead log into the file and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _readers.CloseAsync().ConfigureAwait(false);
        await _writer.DisposeAsync().ConfigureAwait(false);
    }

    private SqliteJournal Journal => _journal ?? throw NotStarted();

    private SqliteSnapshots Snapshots => _snapshots ?? throw NotStarted();

    private static InvalidOperationException NotStarted() => new("Call StartAsync first.");

    /// <summary>On the writer's thread.</summary>
    private bool Open()
    {
        SqliteLibrary.EnsureLoaded();
        if (SqliteLibrary.Warning is { } warning)
        {
            _options.OnWarning?.Invoke(warning);
        }

        SqliteFile.CreateIfMissing(_options.Path);
        var database = SqliteDatabase.Open(_options.Path, _options.BusyTimeout);
        try
        {
            var durability = MakeDurable(database);
            SqliteSchema.Migrate(database, SqliteSchema.Migrations);
            var ids = new SqliteIds(database);
            _journal = new SqliteJournal(database, ids, _options.MaxPayloadBytes);
            _snapshots = new SqliteSnapshots(database, ids, _journal);
            _writer.Attach(database);
            Durability = durability;
            return true;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>FULL: with a write-ahead log, each commit is flushed to the disk before it is reported.</summary>
    private static string MakeDurable(SqliteDatabase database)
    {
        const long Full = 2;
        var mode = database.QueryText("PRAGMA journal_mode = WAL");
        database.Execute("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768");
        var synchronous = database.QueryInt64("PRAGMA synchronous");
        if (mode != "wal" || synchronous != Full)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture, $"{database.Path} runs with journal_mode={mode} synchronous={synchronous}: durable are only wal and 2."));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"SQLite {SqliteLibrary.Version} ({(SqliteLibrary.IsSystem ? "system" : "bundled")} library) journal_mode={mode} synchronous={synchronous}(FULL)");
    }
}
