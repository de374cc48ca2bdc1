using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <param name="DeliveryId">What <c>ConfirmDelivery</c> is called with.</param>
/// <param name="Destination">Where it is sent.</param>
/// <param name="Message">What is sent; of a registered type if snapshots with it are saved.</param>
public sealed record UnconfirmedDelivery(long DeliveryId, ActorPath Destination, object Message);
