namespace MeshNode.Benchmarks.Stacks;

/// <summary>A stack did not do what was asked in time; its row says so, and the others go on.</summary>
internal sealed class PeerException(string message) : Exception(message);
