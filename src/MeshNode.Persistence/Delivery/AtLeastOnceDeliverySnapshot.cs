namespace MeshNode.Persistence;

/// <summary>What is on its way, to be put into the actor's own snapshots.</summary>
/// <param name="CurrentDeliveryId">The last id that was given.</param>
public sealed record AtLeastOnceDeliverySnapshot(long CurrentDeliveryId, IReadOnlyList<UnconfirmedDelivery> UnconfirmedDeliveries);
