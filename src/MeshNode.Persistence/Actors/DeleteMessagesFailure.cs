namespace MeshNode.Persistence;

/// <summary>Answers <c>DeleteMessages</c>; nothing was deleted.</summary>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);
