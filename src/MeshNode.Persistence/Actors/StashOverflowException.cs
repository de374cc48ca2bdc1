using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>A stash has no room for another message.</summary>
public sealed class StashOverflowException(string message) : AkkaException(message);
