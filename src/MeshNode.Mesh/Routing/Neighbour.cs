using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Routing;

/// <summary>A peer with which a link is up.</summary>
/// <param name="Id">Who.</param>
/// <param name="RoundTripMilliseconds">Smoothed round-trip time, at most 65,534; <see cref="UnknownRoundTrip"/> when it is not known.</param>
public readonly record struct Neighbour(PeerId Id, ushort RoundTripMilliseconds)
{
    public const ushort UnknownRoundTrip = ushort.MaxValue;

    /// <summary>Bytes on the wire.</summary>
    public const int Length = PeerId.Length + 2;

    /// <summary>Rounds to milliseconds, within what the wire can say.</summary>
    public static Neighbour From(PeerId id, TimeSpan? roundTrip) =>
        new(id, roundTrip is { } time ? (ushort)Math.Clamp(Math.Round(time.TotalMilliseconds), 0, UnknownRoundTrip - 1) : UnknownRoundTrip);
}
