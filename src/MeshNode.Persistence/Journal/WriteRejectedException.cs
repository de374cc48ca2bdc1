using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>The store cannot hold the event, and says why.</summary>
public sealed class WriteRejectedException(string message) : AkkaException(message);
