using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Sqlite;
using MeshNode.Persistence.Tests.Contract;

namespace MeshNode.Persistence.Tests.Sqlite;

public sealed class SqliteStoreContractTests : StoreContract
{
    private readonly TempFolder _folder = new();

    protected override IEventStore Open() => new SqliteStore(_folder.File("journal.db"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
