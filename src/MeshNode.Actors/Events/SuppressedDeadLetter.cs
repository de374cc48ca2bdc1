namespace MeshNode.Actors;

/// <summary>As <see cref="DeadLetter"/>, for an <see cref="IDeadLetterSuppression"/>: a loss that is normal. Not logged.</summary>
public sealed record SuppressedDeadLetter(object Message, IActorRef Sender, IActorRef Recipient) : AllDeadLetters(Message, Sender, Recipient);
