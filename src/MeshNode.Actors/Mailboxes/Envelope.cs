namespace MeshNode.Actors;

/// <summary>A user message on its way, with who sent it (null for none).</summary>
public readonly record struct Envelope(object Message, IActorRef Sender);
