using System.Buffers.Binary;
using System.Text;

namespace MeshNode.Rtc.Sctp.ErrorCauses;

/// <summary>Builds single error causes; rare enough to allocate.</summary>
internal static class ErrorCause
{
    private const int MaxValueLength = 512; // bytes; keeps an ABORT within any packet

    /// <summary>A cause with a text: User-Initiated Abort or Protocol Violation (RFC 9260 §3.3.10.12, §3.3.10.13).</summary>
    public static byte[] Create(ErrorCauseCode code, string text) => Create(code, Encoding.UTF8.GetBytes(text));

    /// <summary>A value is cut after 512 bytes.</summary>
    public static byte[] Create(ErrorCauseCode code, ReadOnlySpan<byte> value)
    {
        value = value[..Math.Min(value.Length, MaxValueLength)];
        var cause = new byte[TypeLengthValue.HeaderLength + value.Length];
        BinaryPrimitives.WriteUInt16BigEndian(cause, (ushort)code);
        BinaryPrimitives.WriteUInt16BigEndian(cause.AsSpan(2), (ushort)cause.Length);
        value.CopyTo(cause.AsSpan(TypeLengthValue.HeaderLength));
        return cause;
    }
}
