using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>An event or snapshot that cannot be stored or read with the types that are registered; says what to register.</summary>
public sealed class EventTypeException : AkkaException
{
    public EventTypeException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    internal EventTypeException(StoredShape shape, string problem, Exception? innerException = null)
        : base($"{problem} [manifest {shape.Manifest}, version {shape.Version}, persistence id {shape.PersistenceId}, sequence number {shape.SequenceNr}]", innerException)
    {
        Manifest = shape.Manifest;
        Version = shape.Version;
        PersistenceId = shape.PersistenceId;
        SequenceNr = shape.SequenceNr;
    }

    /// <summary>Null when it was not read from a store.</summary>
    public string? Manifest { get; }

    public int Version { get; }

    public string? PersistenceId { get; }

    public long SequenceNr { get; }
}
