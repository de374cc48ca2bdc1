namespace MeshNode.Persistence.PostgreSql;

/// <summary>Where a <see cref="PostgreSqlStore"/> keeps its tables, and its limits.</summary>
/// <param name="ConnectionString">Npgsql's; the pool and its size are set there.</param>
public sealed record PostgreSqlStoreOptions(string ConnectionString)
{
    /// <summary>Of the tables; made when it is missing. A lower-case identifier of up to 63 letters, digits and underscores; <c>meshnode</c>.</summary>
    public string Schema { get; init; } = "meshnode";

    /// <summary>An event or snapshot above this is rejected. 1 to 512 MiB; 64 MiB.</summary>
    public int MaxPayloadBytes { get; init; } = 64 << 20;

    /// <summary>Reads at the same time, of all that the pool's size allows. From 1; twice as many as processors, at least 4.</summary>
    public int Readers { get; init; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>
    /// Statements are prepared in the session. Off for a pooler that gives each transaction another session and does not
    /// know of prepared statements. On.
    /// </summary>
    public bool PrepareStatements { get; init; } = true;

    /// <summary>
    /// How long the store tries to find out what became of a commit whose answer was lost, before it reports the outcome as
    /// unknown. From 0; 30 s.
    /// </summary>
    public TimeSpan CommitResolution { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A transaction open for longer than this, which holds back those who read by tag, is warned of. 30 s.</summary>
    public TimeSpan HeldBackWarning { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets what an operator should know and nothing can be returned for, such as a transaction that is stuck.</summary>
    public Action<string>? OnWarning { get; init; }

    /// <summary>For waiting.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
