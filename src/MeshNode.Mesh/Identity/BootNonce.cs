using System.Buffers.Binary;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Identity;

/// <summary>
/// 16 random bytes that a peer draws when it starts. Whatever is sealed to it names them, so that nothing recorded
/// before a restart can be replayed after it, whatever the clock says.
/// </summary>
public readonly record struct BootNonce
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    /// <param name="bytes">At least <see cref="Length"/> bytes, of which the first count.</param>
    public BootNonce(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    public static BootNonce Create(RandomSource secure)
    {
        Span<byte> bytes = stackalloc byte[Length];
        secure.Fill(bytes);
        return new BootNonce(bytes);
    }

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public override string ToString() => $"{_high:x16}{_low:x16}";
}
