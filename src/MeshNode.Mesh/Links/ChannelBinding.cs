using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MeshNode.Mesh.Links;

/// <summary>
/// 32 bytes that name the channel under a link, the same at both ends and different at a man in the middle.
/// On WebRTC SHA-256 over the two DTLS certificate fingerprints in ascending byte order; on a WebSocket, which has nothing of
/// the kind that a browser shows, zeros.
/// </summary>
public readonly record struct ChannelBinding
{
    /// <summary>Bytes in a transcript.</summary>
    public const int Length = 32;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private ChannelBinding(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    public static ChannelBinding WebSocket => default;

    /// <param name="one">SHA-256 fingerprint of one side's DTLS certificate, 32 bytes.</param>
    /// <param name="other">That of the other side; the order does not count.</param>
    /// <exception cref="ArgumentException">A fingerprint has another length.</exception>
    public static ChannelBinding FromFingerprints(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != 32 || other.Length != 32)
        {
            throw new ArgumentException("A SHA-256 fingerprint has 32 bytes.");
        }

        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(one.SequenceCompareTo(other) <= 0 ? [.. one, .. other] : [.. other, .. one], hash);
        return new ChannelBinding(hash);
    }

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }
}
