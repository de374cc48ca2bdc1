namespace MeshNode.Mesh;

/// <summary>A link as <paramref name="From"/> advertised it; the other direction is an entry of its own.</summary>
/// <param name="From">Who advertised the link.</param>
/// <param name="To">Its neighbour.</param>
/// <param name="RttMs">Round-trip time in milliseconds; null while unknown.</param>
public sealed record MeshTopologyLink(string From, string To, double? RttMs);
