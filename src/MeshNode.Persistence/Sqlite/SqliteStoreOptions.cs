namespace MeshNode.Persistence.Sqlite;

/// <summary>Where a <see cref="SqliteStore"/> keeps its file, and its limits.</summary>
/// <param name="Path">Of the file; its folder must exist. Created with mode 0600. Beside it lie <c>-wal</c> and <c>-shm</c> while it is open.</param>
public sealed record SqliteStoreOptions(string Path)
{
    /// <summary>How long a transaction waits for another process that writes to the same file. Above 0; 10 s.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An event or snapshot above this is rejected. 1 to 512 MiB; 64 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 64 << 20;

    /// <summary>Connections that read at the same time. From 1; as many as processors, at least 2.</summary>
    public int Readers { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>
    /// Bytes in the write-ahead log at which it is moved to the database, between two transactions. More means fewer and
    /// longer pauses. From 1 MiB; 32 MiB.
    /// </summary>
    public long CheckpointBytes { get; init; } = 32 << 20;

    /// <summary>Gets what an operator should know and nothing can be returned for, such as that the bundled library is used.</summary>
    public Action<string>? OnWarning { get; init; }
}
