namespace MeshNode.Actors;

/// <summary>Answered by every actor with <see cref="ActorIdentity"/>.</summary>
public sealed record Identify(object MessageId) : IAutoReceivedMessage, INotInfluenceReceiveTimeout;
