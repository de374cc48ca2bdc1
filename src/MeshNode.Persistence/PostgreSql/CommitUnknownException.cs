namespace MeshNode.Persistence.PostgreSql;

/// <summary>
/// The connection was lost while a transaction committed, and the server could not be asked in time whether it did. Its
/// events are there all or not at all: recover before writing again.
/// </summary>
public sealed class CommitUnknownException(string message, Exception inner) : IOException(message, inner);
