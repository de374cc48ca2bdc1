namespace MeshNode.Persistence;

/// <summary>Sent to the actor itself when deliveries have been tried <see cref="AtLeastOnceDeliverySettings.WarnAfterNumberOfUnconfirmedAttempts"/> times.</summary>
public sealed record UnconfirmedWarning(IReadOnlyList<UnconfirmedDelivery> UnconfirmedDeliveries);
