using System.Globalization;
using MeshNode.Persistence.Sql;

namespace MeshNode.Persistence.Sqlite;

/// <summary>Brings a file to the schema of this version. The version stands in <c>user_version</c> of its header.</summary>
internal static class SqliteSchema
{
    /// <summary>"MNJ1" in <c>application_id</c>, so that no other program's file is taken for ours.</summary>
    private const long ApplicationId = 0x4D4E4A31;

    public static IReadOnlyList<Migration> Migrations { get; } = Migration.Load("Sqlite");

    /// <summary>
    /// Runs what is missing in one transaction, which has the file alone from its start: of two processes that start at
    /// once the second waits, and finds the work done.
    /// </summary>
    /// <exception cref="SchemaTooNewException">A later version of this program has used the file.</exception>
    /// <exception cref="InvalidOperationException">The file belongs to another program.</exception>
    public static void Migrate(SqliteDatabase database, IReadOnlyList<Migration> migrations) => database.Transact(() =>
    {
        var version = (int)database.QueryInt64("PRAGMA user_version");
        if (database.QueryInt64("PRAGMA application_id") != ApplicationId && database.QueryInt64("SELECT count(*) FROM sqlite_master") > 0)
        {
            throw new InvalidOperationException($"{database.Path} is a SQLite database of another program: give the store a file of its own.");
        }

        foreach (var migration in Migration.After(migrations, version, database.Path))
        {
            database.Execute(migration.Sql);
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Version}"));
        }

        database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}"));
        return true;
    });
}
