using System.Text.RegularExpressions;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Query;
using MeshNode.Persistence.Snapshots;
using Npgsql;

namespace MeshNode.Persistence.PostgreSql;

/// <summary>
/// Events and snapshots in PostgreSQL 13 or later. Every transaction that writes commits with <c>synchronous_commit=on</c>,
/// and several nodes may share one database.
/// </summary>
public sealed partial class PostgreSqlStore : IEventStore, ISnapshotStore
{
    private readonly PostgreSqlDatabase _database;
    private readonly PostgreSqlJournal _journal;
    private readonly PostgreSqlReader _reader;
    private readonly PostgreSqlSnapshots _snapshots;
    private readonly PostgreSqlFences _fences;
    private readonly StuckTransactions _stuck;
    private readonly Lock _gate = new();
    private Task? _started;

    /// <param name="options">Nothing is connected before <see cref="StartAsync"/>.</param>
    public PostgreSqlStore(PostgreSqlStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxPayloadBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaxPayloadBytes, 512 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Readers, 1);
        if (!SchemaName().IsMatch(options.Schema))
        {
            throw new ArgumentException($"[{options.Schema}] is not a lower-case identifier of up to 63 letters, digits and underscores.", nameof(options));
        }

        _database = new PostgreSqlDatabase(options);
        var ids = new PostgreSqlIds(_database);
        _journal = new PostgreSqlJournal(_database, ids);
        _reader = new PostgreSqlReader(_database);
        _snapshots = new PostgreSqlSnapshots(_database, ids);
        _fences = new PostgreSqlFences(_database);
        _stuck = new StuckTransactions(_database);
    }

    /// <param name="connectionString">Npgsql's; see <see cref="PostgreSqlStoreOptions"/>.</param>
    public PostgreSqlStore(string connectionString)
        : this(new PostgreSqlStoreOptions(connectionString))
    {
    }

    /// <inheritdoc/>
    public string Durability { get; private set; } = "";

    /// <inheritdoc cref="IEventStore.StartAsync"/>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_started is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _started = OpenAsync(cancellationToken);
            }

            return _started;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="CommitUnknownException">The connection was lost during the commit, and the server did not come back in time.</exception>
    public Task<WriteResult[]> WriteAsync(IReadOnlyList<AtomicWrite> writes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(writes);
        return _journal.WriteAsync(writes, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<EventPage> ReadAsync(string persistenceId, long fromSequenceNr, long toSequenceNr, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _reader.ReadAsync(persistenceId, fromSequenceNr, toSequenceNr, max, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadHighestSequenceNrAsync(string persistenceId, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _reader.ReadHighestSequenceNrAsync(persistenceId, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _journal.DeleteToAsync(persistenceId, toSequenceNr, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredEvent>> ReadByTagAsync(string tag, Offset after, int max, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentNullException.ThrowIfNull(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        if (EventRules.RejectTag(tag) is not null)
        {
            return []; // no event can carry it
        }

        var events = await _reader.ReadByTagAsync(tag, after, max, cancellationToken).ConfigureAwait(false);
        if (events.Count == 0)
        {
            await _stuck.LookAsync(cancellationToken).ConfigureAwait(false);
        }

        return events;
    }

    /// <inheritdoc/>
    public Task<Offset> ReadHighestOffsetAsync(CancellationToken cancellationToken) => _reader.ReadHighestOffsetAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadPersistenceIdsAsync(string? after, int max, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        return await _reader.ReadPersistenceIdsAsync(after, max, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<long> RaiseFenceAsync(string name, long epoch, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectFence(name), nameof(name));
        return _fences.RaiseAsync(name, epoch, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<long> ReadFenceAsync(string name, CancellationToken cancellationToken)
    {
        EventRules.ThrowIfRejected(EventRules.RejectFence(name), nameof(name));
        return _fences.ReadAsync(name, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<StoredSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        EventRules.ThrowIfRejected(EventRules.RejectId(persistenceId), nameof(persistenceId));
        return _snapshots.LoadAsync(persistenceId, criteria, cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The snapshot cannot be stored; the message says why.</exception>
    public Task SaveAsync(StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        EventRules.ThrowIfRejected(EventRules.Reject(snapshot, _database.Options.MaxPayloadBytes), nameof(snapshot));
        return _snapshots.SaveAsync(snapshot, cancellationToken);
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
        return _snapshots.DeleteAsync(persistenceId, criteria, cancellationToken);
    }

    /// <summary>Closes the pool. What is under way ends first, or fails.</summary>
    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [GeneratedRegex("^[a-z_][a-z0-9_]{0,62}$")]
    private static partial Regex SchemaName();

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var durability = await _database.TransactAsync(ReadDurabilityAsync, cancellationToken).ConfigureAwait(false);
        await PostgreSqlSchema.MigrateAsync(_database, PostgreSqlSchema.Migrations, cancellationToken).ConfigureAwait(false);
        Durability = durability;
    }

    /// <summary>As the server says it of a transaction like those that write.</summary>
    private async Task<string> ReadDurabilityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var version = await PostgreSqlDatabase.ScalarAsync<string>(connection, "SHOW server_version", cancellationToken).ConfigureAwait(false);
        var commit = await PostgreSqlDatabase.ScalarAsync<string>(connection, "SHOW synchronous_commit", cancellationToken).ConfigureAwait(false);
        var fsync = await PostgreSqlDatabase.ScalarAsync<string>(connection, "SHOW fsync", cancellationToken).ConfigureAwait(false);
        var pages = await PostgreSqlDatabase.ScalarAsync<string>(connection, "SHOW full_page_writes", cancellationToken).ConfigureAwait(false);
        return commit == "on" && fsync == "on" && pages == "on"
            ? $"PostgreSQL {version} synchronous_commit={commit} fsync={fsync} full_page_writes={pages}"
            : throw new InvalidOperationException(
                $"{_database.Where} runs with synchronous_commit={commit} fsync={fsync} full_page_writes={pages}: durable is only on for all three.");
    }
}
