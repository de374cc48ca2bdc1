using MeshNode.Actors;

namespace MeshNode.Persistence.Journal;

/// <summary>Another actor, here or elsewhere, has written under the same persistence id since this one recovered.</summary>
public sealed class SequenceNumberTakenException(string message) : AkkaException(message);
