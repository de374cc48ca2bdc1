using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <param name="Timestamp">When it was last tried, in ticks of the monotonic clock.</param>
/// <param name="Attempt">How often it has been tried.</param>
internal sealed record Delivery(ActorPath Destination, object Message, long Timestamp, int Attempt);
