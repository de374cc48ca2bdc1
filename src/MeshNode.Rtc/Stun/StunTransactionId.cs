using System.Buffers.Binary;

namespace MeshNode.Rtc.Stun;

/// <summary>
/// The 96 bits that tie a response to its request. In our own requests the first 32 are the connection's tag, by which
/// a shared port routes the answer, and the other 64 are random: "uniformly and randomly chosen", RFC 8489 §5, over
/// what is left, which an attacker off the path cannot guess.
/// </summary>
internal readonly record struct StunTransactionId(uint Tag, ulong Random)
{
    public const int Length = 12;

    public static StunTransactionId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt32BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[4..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Tag);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], Random);
    }
}
