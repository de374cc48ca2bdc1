using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace MeshNode.Rtc.Sctp;

/// <summary>Walks <see cref="TypeLengthValue"/> elements.</summary>
/// <typeparam name="TType">What the 16 bits of type are: a parameter's type or a cause's code.</typeparam>
internal ref struct TypeLengthValueReader<TType>(ReadOnlySpan<byte> elements)
    where TType : unmanaged, Enum
{
    private ReadOnlySpan<byte> _rest = elements;

    /// <summary>False where a length was impossible and reading stopped.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next element; false at the end or where a length is impossible.</summary>
    public bool TryRead(out TType type, out ReadOnlySpan<byte> value)
    {
        type = default;
        value = default;
        if (_rest.Length < TypeLengthValue.HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < TypeLengthValue.HeaderLength || length > _rest.Length)
        {
            return false;
        }

        type = Unsafe.BitCast<ushort, TType>(BinaryPrimitives.ReadUInt16BigEndian(_rest));
        value = _rest[TypeLengthValue.HeaderLength..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
