namespace MeshNode.Persistence.Journal;

/// <summary>What became of one <see cref="AtomicWrite"/>.</summary>
public enum WriteOutcome
{
    /// <summary>Durable, as far as <see cref="IEventStore.Durability"/> says.</summary>
    Written,

    /// <summary>Its <see cref="Fence"/> has another epoch in the store: somebody else owns this now.</summary>
    Fenced,

    /// <summary>Its first sequence number is not above the highest one: another incarnation wrote.</summary>
    SequenceTaken,

    /// <summary>The store cannot hold it, such as an event too large; the same write would be refused again, others would not.</summary>
    Rejected,
}
