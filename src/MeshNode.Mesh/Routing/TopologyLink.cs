using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Routing;

/// <summary>A link that both ends advertise; <paramref name="From"/> is the lower id.</summary>
/// <param name="From">One end.</param>
/// <param name="To">The other end.</param>
/// <param name="RoundTripMilliseconds">The lower of what both say, null when neither knows.</param>
public readonly record struct TopologyLink(PeerId From, PeerId To, int? RoundTripMilliseconds);
