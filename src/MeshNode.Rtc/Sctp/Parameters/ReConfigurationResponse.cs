using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>Re-configuration Response (RFC 6525 §4.4), without its optional TSNs, which only an SSN/TSN reset needs.</summary>
internal readonly record struct ReConfigurationResponse(uint ResponseSequenceNumber, ReConfigurationResult Result)
{
    public const int Length = 8; // bytes of the value

    public static bool TryParse(ReadOnlySpan<byte> value, out ReConfigurationResponse result)
    {
        result = default;
        if (value.Length is not (Length or Length + 8))
        {
            return false;
        }

        result = new(
            BinaryPrimitives.ReadUInt32BigEndian(value),
            (ReConfigurationResult)BinaryPrimitives.ReadUInt32BigEndian(value[4..]));
        return true;
    }

    public void Write(Span<byte> value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(value, ResponseSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)Result);
    }
}
