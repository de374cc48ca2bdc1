namespace MeshNode.Persistence.Journal;

/// <summary>
/// Says by which right a write is made: the store refuses it unless the fence's epoch in the store is this very one, and
/// keeps the epoch from being raised until the write has committed. A fence that was never raised stands at 0.
/// </summary>
/// <param name="Name">Of what is owned, such as a shard; 1 to 255 UTF-16 units; compared ordinally.</param>
/// <param name="Epoch">From 0; raised with each change of ownership.</param>
public readonly record struct Fence(string Name, long Epoch);
