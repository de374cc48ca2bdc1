using MeshNode.Persistence.Sqlite;
using MeshNode.Persistence.Tests.Sqlite;

namespace MeshNode.Persistence.Tests.Crash;

public sealed class SqliteCrashTests
{
    [Fact]
    public async Task A_killed_writer_leaves_all_that_was_acknowledged_and_nothing_half()
    {
        var (rounds, events) = CrashRounds.Scale("SQLite");
        for (var seed = 1; seed <= rounds; seed++)
        {
            using var folder = new TempFolder();
            var path = folder.File("journal.db");
            await CrashRounds.KillWriterAsync(["sqlite", path], () => new SqliteStore(path), seed, events);
        }
    }
}
