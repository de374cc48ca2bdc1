using MeshNode.Persistence.Journal;
using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Sqlite;

namespace MeshNode.Benchmarks.Cases.Journal;

/// <summary>Where a round keeps its events: each asks for a place of its own.</summary>
/// <param name="Name">For people.</param>
/// <param name="WriteGoal">Events/s from 1,000 actors.</param>
/// <param name="Settings">That the engine's own account of its durability must hold.</param>
/// <param name="NewPlaceAsync">Makes an empty place; what it returns opens a store there, as often as it is called.</param>
internal sealed record JournalEngine(string Name, double WriteGoal, string[] Settings, Func<Task<Func<IEventStore>>> NewPlaceAsync)
{
    public static JournalEngine Sqlite(string folder) => new(
        "SQLite", 100_000, ["journal_mode=wal", "synchronous=2(FULL)"], () =>
        {
            var path = Path.Combine(folder, Path.GetRandomFileName() + ".db");
            return Task.FromResult<Func<IEventStore>>(() => new SqliteStore(path));
        });

    public static JournalEngine PostgreSql(PostgresServer.PostgresServer server) => new(
        "PostgreSQL", 30_000, ["synchronous_commit=on", "fsync=on", "full_page_writes=on"], async () =>
        {
            var database = await server.CreateDatabaseAsync().ConfigureAwait(false);
            return () => new PostgreSqlStore(database);
        });

    /// <exception cref="InvalidOperationException">The figures would be of an engine that may lose what it has acknowledged.</exception>
    public void Check(string durability)
    {
        if (Array.Find(Settings, setting => !durability.Contains(setting, StringComparison.Ordinal)) is { } missing)
        {
            throw new InvalidOperationException($"{Name} says [{durability}], without {missing}: nothing is measured.");
        }
    }
}
