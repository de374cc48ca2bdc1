using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Sql;
using MeshNode.Persistence.Sqlite;

namespace MeshNode.Persistence.Tests.Sql;

public sealed class MigrationTests
{
    private static readonly Migration[] Three = [new(1, "a"), new(2, "b"), new(3, "c")];

    [Fact]
    public void Both_engines_have_every_version_from_the_first()
    {
        Assert.Equal(Enumerable.Range(1, SqliteSchema.Migrations.Count), SqliteSchema.Migrations.Select(migration => migration.Version));
        Assert.Equal(Enumerable.Range(1, PostgreSqlSchema.Migrations.Count), PostgreSqlSchema.Migrations.Select(migration => migration.Version));
    }

    [Theory]
    [InlineData(0, "abc")]
    [InlineData(1, "bc")]
    [InlineData(3, "")]
    public void What_is_missing_is_run_in_order(int current, string expected) =>
        Assert.Equal(expected, string.Concat(Migration.After(Three, current, "here").Select(migration => migration.Sql)));

    [Fact]
    public void A_schema_newer_than_the_program_is_refused()
    {
        var refusal = Assert.Throws<SchemaTooNewException>(() => Migration.After(Three, 4, "here"));

        Assert.Equal((4, 3), (refusal.Found, refusal.Known));
        Assert.Contains("here", refusal.Message, StringComparison.Ordinal);
    }
}
