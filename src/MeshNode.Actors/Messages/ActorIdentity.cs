namespace MeshNode.Actors;

/// <summary>Answer to <see cref="Identify"/>; no subject when a selection found no actor.</summary>
public sealed record ActorIdentity(object MessageId, IActorRef? Subject);
