namespace MeshNode.Persistence.Tests;

internal sealed record Trouble(string Kind, Exception Cause, object? Event, long SequenceNr);
