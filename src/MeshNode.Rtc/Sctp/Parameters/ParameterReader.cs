using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>Walks type-length-value parameters (RFC 9260 §3.2.1); the length counts the 4 bytes of header but not the padding.</summary>
internal ref struct ParameterReader(ReadOnlySpan<byte> parameters)
{
    public const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = parameters;

    /// <summary>True when every length is within the span, so that reading ends only at its end.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> parameters)
    {
        var reader = new ParameterReader(parameters);
        while (reader.TryRead(out _, out _))
        {
        }

        return reader._rest.IsEmpty;
    }

    /// <summary>The next parameter's type and value; false at the end or where a length is impossible.</summary>
    public bool TryRead(out ParameterType type, out ReadOnlySpan<byte> value)
    {
        type = default;
        value = default;
        if (_rest.Length < HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < HeaderLength || length > _rest.Length)
        {
            return false;
        }

        type = (ParameterType)BinaryPrimitives.ReadUInt16BigEndian(_rest);
        value = _rest[HeaderLength..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
