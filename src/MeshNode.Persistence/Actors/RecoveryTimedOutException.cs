using MeshNode.Actors;

namespace MeshNode.Persistence;

/// <summary>The store gave no snapshot, or no further event, in time: see <see cref="PersistenceSettings.RecoveryEventTimeout"/>.</summary>
public sealed class RecoveryTimedOutException(string message) : AkkaException(message);
