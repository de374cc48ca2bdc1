using MeshNode.Persistence.Journal;

namespace MeshNode.Persistence.Tests.Contract;

public sealed class InMemoryStoreContractTests : StoreContract
{
    private readonly InMemoryEventStore _store = new();

    protected override IEventStore Open() => _store;
}
