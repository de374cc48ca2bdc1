using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.ErrorCauses;

/// <summary>Walks error causes (RFC 9260 §3.3.10): code, length with the 4 bytes of header, value, padding.</summary>
internal ref struct ErrorCauseReader(ReadOnlySpan<byte> causes)
{
    public const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = causes;

    public static bool IsWellFormed(ReadOnlySpan<byte> causes)
    {
        var reader = new ErrorCauseReader(causes);
        while (reader.TryRead(out _, out _))
        {
        }

        return reader._rest.IsEmpty;
    }

    /// <summary>The next cause's code and value; false at the end or where a length is impossible.</summary>
    public bool TryRead(out ErrorCauseCode code, out ReadOnlySpan<byte> value)
    {
        code = default;
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

        code = (ErrorCauseCode)BinaryPrimitives.ReadUInt16BigEndian(_rest);
        value = _rest[HeaderLength..length];
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
