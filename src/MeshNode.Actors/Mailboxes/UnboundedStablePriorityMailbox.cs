namespace MeshNode.Actors;

/// <summary>Akka's name for a priority mailbox that keeps the order of equal messages, which ours always does.</summary>
public abstract class UnboundedStablePriorityMailbox : UnboundedPriorityMailbox;
