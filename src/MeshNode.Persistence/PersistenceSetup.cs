using MeshNode.Actors;
using MeshNode.Persistence.Journal;
using MeshNode.Persistence.Snapshots;

namespace MeshNode.Persistence;

/// <summary>
/// What a system's persistence is made of:
/// <c>ActorSystem.Create("bank", ActorSystemSetup.Empty.And(new PersistenceSetup { Store = …, Events = … }))</c>.
/// </summary>
public sealed class PersistenceSetup : Setup
{
    /// <summary>Where events are kept; a volatile <see cref="InMemoryEventStore"/> of the system's own when null, which is logged.</summary>
    public IEventStore? Store { get; init; }

    /// <summary>Where snapshots are kept; when null, in <see cref="Store"/> if it can, else nowhere: saving one fails.</summary>
    public ISnapshotStore? Snapshots { get; init; }

    /// <summary>The types of all events and snapshots.</summary>
    public EventTypes Events { get; init; } = new();

    public PersistenceSettings Settings { get; init; } = new();

    /// <summary>The stores end with the system; false when they are shared or their maker disposes them.</summary>
    public bool DisposeStores { get; init; } = true;

    /// <summary>Where the batcher's loop begins each time that there is something to write: on the thread pool but in tests.</summary>
    internal Action<Action> RunLoop { get; init; } = static run => ThreadPool.UnsafeQueueUserWorkItem(static run => run(), run, preferLocal: false);
}
