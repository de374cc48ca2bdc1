namespace MeshNode.Rtc;

/// <summary>
/// The two ends of a UDP path, seen from here. Two paths are equal when their address pairs are;
/// the interface only tells the edge through which device an answer leaves.
/// </summary>
/// <param name="Local">The address that the datagram came to (never a wildcard), or leaves from.</param>
/// <param name="Remote">The address that the datagram came from, or goes to.</param>
/// <param name="InterfaceIndex">Interface index of the operating system; 0 when unknown.</param>
public readonly record struct TransportPath(TransportAddress Local, TransportAddress Remote, int InterfaceIndex = 0)
{
    public bool Equals(TransportPath other) => Remote == other.Remote && Local == other.Local;

    public override int GetHashCode() => HashCode.Combine(Local, Remote);

    public override string ToString() => $"{Local} -> {Remote}";
}

/// <summary>What a core asks to be sent: <paramref name="Length"/> bytes of the caller's buffer along a path.</summary>
/// <param name="Path">Where the datagram leaves from and goes to.</param>
/// <param name="Length">Bytes written, 1 or more.</param>
/// <param name="SegmentSize">
/// Size of each datagram within those bytes, of which the last may be shorter (as in UDP GSO);
/// equal to <paramref name="Length"/> when there is one datagram.
/// </param>
public readonly record struct Transmit(TransportPath Path, int Length, int SegmentSize)
{
    public Transmit(TransportPath path, int length)
        : this(path, length, length)
    {
    }
}
