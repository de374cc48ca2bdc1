using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Snapshots;
using MeshNode.Persistence.Tests.Contract;

namespace MeshNode.Persistence.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlSnapshotContractTests(PostgresFixture postgres) : SnapshotContract
{
    private readonly string _database = postgres.CreateDatabase();

    protected override ISnapshotStore Open() => new PostgreSqlStore(_database);
}
