using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>What the journal tells a persistent actor; nobody misses it when the actor has stopped.</summary>
internal abstract class PersistenceMessage : IDeadLetterSuppression;
