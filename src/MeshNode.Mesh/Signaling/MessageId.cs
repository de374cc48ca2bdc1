using System.Buffers.Binary;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// 16 random bytes that name a message from its first attempt to its last, so that a receiver acts on it once.
/// Relays do not trust it: they know an envelope by <see cref="Envelope.DuplicateKey"/>.
/// </summary>
public readonly record struct MessageId
{
    /// <summary>Bytes on the wire.</summary>
    public const int Length = 16;

    private readonly ulong _high;
    private readonly ulong _low;

    /// <param name="bytes">At least <see cref="Length"/> bytes, of which the first count.</param>
    public MessageId(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    private MessageId(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    public static MessageId Create(RandomSource secure)
    {
        Span<byte> bytes = stackalloc byte[Length];
        secure.Fill(bytes);
        return new MessageId(bytes);
    }

    /// <summary>Parses 32 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out MessageId id)
    {
        id = default;
        if (text.Length != 2 * Length
            || !ulong.TryParse(text[..16], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var high)
            || !ulong.TryParse(text[16..], System.Globalization.NumberStyles.AllowHexSpecifier, null, out var low))
        {
            return false;
        }

        id = new MessageId(high, low);
        return true;
    }

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _low);
    }

    public override string ToString() => $"{_high:x16}{_low:x16}";
}
