using System.Buffers.Binary;

namespace MeshNode.Mesh.Signaling;

/// <summary>The first 16 bytes of a SHA-256, by which something is recognised (2^64 work for a collision that gains nothing).</summary>
public readonly record struct DuplicateKey
{
    private readonly ulong _high;
    private readonly ulong _low;

    /// <param name="digest">16 bytes or more.</param>
    public DuplicateKey(ReadOnlySpan<byte> digest)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(digest);
        _low = BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
    }
}
