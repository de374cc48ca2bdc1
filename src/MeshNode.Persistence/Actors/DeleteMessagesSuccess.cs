namespace MeshNode.Persistence;

/// <summary>Answers <c>DeleteMessages</c>.</summary>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);
