namespace MeshNode.Persistence;

/// <summary>Limits and intervals, with Akka.NET's defaults where it has the setting.</summary>
public sealed record PersistenceSettings
{
    /// <summary>Actors that recover at a time; the others wait. At least 1.</summary>
    public int MaxConcurrentRecoveries { get; init; } = 50;

    /// <summary>
    /// How long a recovery may go without hearing of the store before it fails with <see cref="RecoveryTimedOutException"/>. It is looked
    /// at once in this time, so that a failure takes up to twice as long.
    /// </summary>
    public TimeSpan RecoveryEventTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Recovery goes on from the events alone when the snapshot cannot be read.</summary>
    public bool SnapshotIsOptional { get; init; }

    /// <summary>Events that recovery reads at once. At least 1.</summary>
    public int ReplayPageSize { get; init; } = 500;

    /// <summary>Events in one transaction, unless one actor's submission has more. At least 1.</summary>
    public int MaxBatchEvents { get; init; } = 4_096;

    /// <summary>Payload bytes in one transaction, unless one actor's submission has more.</summary>
    public int MaxBatchBytes { get; init; } = 8 << 20;

    /// <summary>Calls of Persist, PersistAsync and the like that one actor submits at once; later ones wait for the answer. At least 1.</summary>
    public int MaxMessageBatchSize { get; init; } = 200;

    /// <summary>Commands that wait inside of one actor while it persists or recovers; beyond it the strategy decides.</summary>
    public int InternalStashCapacity { get; init; } = int.MaxValue;

    /// <summary>What becomes of a command for which the internal stash has no room, unless the actor says otherwise.</summary>
    public IStashOverflowStrategy InternalStashOverflowStrategy { get; init; } = ThrowOverflowExceptionStrategy.Instance;

    /// <summary>For actors that deliver at least once, unless the actor says otherwise.</summary>
    public AtLeastOnceDeliverySettings AtLeastOnceDelivery { get; init; } = AtLeastOnceDeliverySettings.Default;

    /// <summary>How often a live query looks for what other processes wrote. What this process writes wakes it at once.</summary>
    public TimeSpan QueryRefreshInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Events or ids that a query reads at once, and all that it holds. At least 1.</summary>
    public int QueryPageSize { get; init; } = 100;
}
