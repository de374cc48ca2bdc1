using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>A write came too late: the fence by whose right it was made has been raised. Another node owns this now.</summary>
public sealed class FencedException(string message) : AkkaException(message);
