namespace MeshNode.Actors;

/// <summary>A message that did not reach an actor that handles it. To subscribe to it is to hear of all kinds.</summary>
public abstract record AllDeadLetters(object Message, IActorRef Sender, IActorRef Recipient);
