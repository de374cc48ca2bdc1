namespace MeshNode.Benchmarks.Links;

/// <summary>The shortest time that a datagram waited for its turn within a tenth of a second; both in nanoseconds.</summary>
internal readonly record struct QueueSample(long At, long Wait);
