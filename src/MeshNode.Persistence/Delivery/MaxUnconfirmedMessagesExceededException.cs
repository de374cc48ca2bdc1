using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>Thrown by <c>Deliver</c> when <see cref="AtLeastOnceDeliverySettings.MaxUnconfirmedMessages"/> are on their way.</summary>
public sealed class MaxUnconfirmedMessagesExceededException(string message) : AkkaException(message);
