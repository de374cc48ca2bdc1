using System.Buffers.Binary;
using System.Text;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Sctp.ErrorCauses;

/// <summary>Builds single error causes; rare enough to allocate.</summary>
internal static class ErrorCause
{
    private const int MaxValueLength = 512; // bytes; keeps an ABORT within any packet

    /// <summary>A cause with a text: User-Initiated Abort or Protocol Violation (RFC 9260 §3.3.10.12, §3.3.10.13).</summary>
    public static byte[] Create(ErrorCauseCode code, string text) => Create(code, Encoding.UTF8.GetBytes(text));

    /// <summary>§3.3.10.1: the stream, and two bytes without meaning.</summary>
    public static byte[] InvalidStreamIdentifier(StreamId streamId) =>
        Create(ErrorCauseCode.InvalidStreamIdentifier, [(byte)(streamId.Value >> 8), (byte)streamId.Value, 0, 0]);

    /// <summary>§3.3.10.2: how many are missing, and which.</summary>
    public static byte[] MissingStateCookie() => Create(ErrorCauseCode.MissingMandatoryParameter, [0, 0, 0, 1, 0, (byte)ParameterType.StateCookie]);

    /// <summary>§3.3.10.3: the microseconds since the cookie expired.</summary>
    public static byte[] StaleCookie(TimeSpan staleness)
    {
        Span<byte> value = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(value, (uint)Math.Clamp(staleness.TotalMicroseconds, 0, uint.MaxValue));
        return Create(ErrorCauseCode.StaleCookie, value);
    }

    /// <summary>§3.3.10.5: the parameter that names a host.</summary>
    public static byte[] UnresolvableAddress(ReadOnlySpan<byte> hostName)
    {
        var parameter = new byte[(TypeLengthValue.HeaderLength + Math.Min(hostName.Length, 256) + 3) & ~3];
        new ParameterWriter(parameter).TryWrite(ParameterType.HostNameAddress, hostName[..Math.Min(hostName.Length, 256)]);
        return Create(ErrorCauseCode.UnresolvableAddress, parameter);
    }

    /// <summary>§3.3.10.8: the parameters, taken out of the Unrecognized Parameter parameters that an INIT ACK would carry.</summary>
    public static byte[] UnrecognizedParameters(ReadOnlySpan<byte> report)
    {
        var parameters = new byte[report.Length];
        var length = 0;
        var reader = new TypeLengthValueReader<ParameterType>(report);
        while (reader.TryRead(out _, out var parameter))
        {
            parameter.CopyTo(parameters.AsSpan(length));
            length += (parameter.Length + 3) & ~3;
        }

        return Create(ErrorCauseCode.UnrecognizedParameters, parameters.AsSpan(0, length));
    }

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
