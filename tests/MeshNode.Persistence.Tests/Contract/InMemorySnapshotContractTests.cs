using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Snapshots;
namespace MeshNode.Persistence.Tests.Contract;

public sealed class InMemorySnapshotContractTests : SnapshotContract
{
    private readonly InMemoryEventStore _store = new();

    protected override ISnapshotStore Open() => _store;
}
