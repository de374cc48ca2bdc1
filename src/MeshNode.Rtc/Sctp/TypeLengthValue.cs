namespace MeshNode.Rtc.Sctp;

/// <summary>
/// What parameters (RFC 9260 §3.2.1) and error causes (§3.3.10) have in common: type, length, value, padding to 4 bytes.
/// The length counts the header but not the padding.
/// </summary>
internal static class TypeLengthValue
{
    /// <summary>Bytes of type and length.</summary>
    public const int HeaderLength = 4;

    /// <summary>True when every length is within the span, so that reading ends only at its end.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> elements)
    {
        var reader = new TypeLengthValueReader<Parameters.ParameterType>(elements);
        while (reader.TryRead(out _, out _))
        {
        }

        return reader.IsAtEnd;
    }
}
