using MeshNode.Actors;

namespace MeshNode.Persistence.Query;

/// <summary>A system's read side: <c>PersistenceQuery.Get(system).ReadJournal</c>.</summary>
public sealed class PersistenceQuery : IExtension
{
    private PersistenceQuery(PersistenceExtension persistence) => ReadJournal = new ReadJournal(persistence);

    public ReadJournal ReadJournal { get; }

    public static PersistenceQuery Get(ActorSystem system) => Provider.Instance.Apply(system);

    private sealed class Provider : ExtensionIdProvider<PersistenceQuery>
    {
        public static readonly Provider Instance = new();

        public override PersistenceQuery CreateExtension(ExtendedActorSystem system) => new(Persistence.Instance.Apply(system));
    }
}
