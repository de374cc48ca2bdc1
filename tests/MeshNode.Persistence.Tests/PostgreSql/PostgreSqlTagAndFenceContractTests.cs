using MeshNode.Persistence.Journal;
using MeshNode.Persistence.PostgreSql;
using MeshNode.Persistence.Tests.Contract;

namespace MeshNode.Persistence.Tests.PostgreSql;

[Collection(PostgresCollection.Name)]
public sealed class PostgreSqlTagAndFenceContractTests(PostgresFixture postgres) : TagAndFenceContract
{
    private readonly string _database = postgres.CreateDatabase();

    protected override IEventStore Open() => new PostgreSqlStore(_database);
}
