namespace MeshNode.Persistence;

/// <summary>A persistent actor with one method for commands and one for recovery, each saying whether it handled the message.</summary>
public abstract class PersistentActor : Eventsourced;
