using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>Writes type-length-value parameters one after the other, each padded to a word (RFC 9260 §3.2.1).</summary>
internal ref struct ParameterWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes so far, with padding.</summary>
    public int Length { get; private set; }

    /// <summary>False, with nothing written, when it does not fit.</summary>
    public bool TryWrite(ParameterType type, scoped ReadOnlySpan<byte> value)
    {
        var length = TypeLengthValue.HeaderLength + value.Length;
        var padded = (length + 3) & ~3;
        if (padded > _destination.Length - Length || length > ushort.MaxValue)
        {
            return false;
        }

        var parameter = _destination.Slice(Length, padded);
        BinaryPrimitives.WriteUInt16BigEndian(parameter, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(parameter[2..], (ushort)length);
        value.CopyTo(parameter[TypeLengthValue.HeaderLength..]);
        parameter[length..].Clear();
        Length += padded;
        return true;
    }
}
