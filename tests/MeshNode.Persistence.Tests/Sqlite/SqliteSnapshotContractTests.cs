using MeshNode.Persistence.Snapshots;
using MeshNode.Persistence.Sqlite;
using MeshNode.Persistence.Tests.Contract;

namespace MeshNode.Persistence.Tests.Sqlite;

public sealed class SqliteSnapshotContractTests : SnapshotContract
{
    private readonly TempFolder _folder = new();

    protected override ISnapshotStore Open() => new SqliteStore(_folder.File("journal.db"));

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
