using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Chunks;

namespace MeshNode.Rtc.Sctp.Parameters;

/// <summary>What the parameters of an INIT or INIT ACK say that matters here.</summary>
internal ref struct InitParameters
{
    private const int UnrecognizedLimit = 256; // bytes echoed at most
    private const uint DtlsErrorDetectionMethod = 1; // EDMID of SCTP over DTLS (RFC 9653 §8)

    public Extensions Extensions { get; private set; }

    public readonly bool SupportsForwardTsn => (Extensions & Extensions.ForwardTsn) != 0;

    public readonly bool SupportsReConfig => (Extensions & Extensions.ReConfig) != 0;

    /// <summary>Empty when there is none.</summary>
    public ReadOnlySpan<byte> StateCookie { get; private set; }

    /// <summary>The Host Name Address parameter's value: RFC 9260 §3.3.2.1 refuses who sends one. Empty when there is none.</summary>
    public ReadOnlySpan<byte> HostName { get; private set; }

    /// <summary>Unrecognized Parameter parameters to report (RFC 9260 §3.2.2); null when there are none.</summary>
    public byte[]? Unrecognized { get; private set; }

    /// <summary>Reads well-formed parameters. Unknown ones are treated by the two highest bits of their type (RFC 9260 §3.2.1).</summary>
    public static InitParameters Read(ReadOnlySpan<byte> parameters)
    {
        var result = default(InitParameters);
        Span<byte> unrecognized = stackalloc byte[UnrecognizedLimit];
        var report = new ParameterWriter(unrecognized);
        var reader = new TypeLengthValueReader<ParameterType>(parameters);
        while (reader.TryRead(out var type, out var value))
        {
            if (!result.TryTake(type, value))
            {
                if (((ushort)type & 0x4000) != 0)
                {
                    Report(ref report, type, value);
                }

                if (((ushort)type & 0x8000) == 0)
                {
                    break; // "stop processing this parameter; do not process any further parameters within this chunk"
                }
            }
        }

        result.Unrecognized = report.Length == 0 ? null : unrecognized[..report.Length].ToArray();
        return result;
    }

    /// <summary>Writes what this stack supports: FORWARD TSN, the extensions by their chunk types (RFC 5061 §4.2.7), zero checksums.</summary>
    public static void WriteSupported(ref ParameterWriter writer, SctpConfiguration configuration)
    {
        writer.TryWrite(ParameterType.ForwardTsnSupported, []);
        ReadOnlySpan<byte> types = [(byte)ChunkType.ReConfig, (byte)ChunkType.ForwardTsn, (byte)ChunkType.IData, (byte)ChunkType.IForwardTsn];
        writer.TryWrite(ParameterType.SupportedExtensions, configuration.Interleaving ? types : types[..2]);
        if (configuration.ZeroChecksum)
        {
            Span<byte> method = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(method, DtlsErrorDetectionMethod);
            writer.TryWrite(ParameterType.ZeroChecksumAcceptable, method);
        }
    }

    private bool TryTake(ParameterType type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case ParameterType.ForwardTsnSupported:
                Extensions |= Extensions.ForwardTsn;
                return true;
            case ParameterType.SupportedExtensions:
                foreach (var chunkType in value)
                {
                    Extensions |= (ChunkType)chunkType switch
                    {
                        ChunkType.ForwardTsn => Extensions.ForwardTsn,
                        ChunkType.ReConfig => Extensions.ReConfig,
                        ChunkType.IData => Extensions.IData,
                        ChunkType.IForwardTsn => Extensions.IForwardTsn,
                        _ => Extensions.None,
                    };
                }

                return true;
            case ParameterType.ZeroChecksumAcceptable:
                if (value.Length == 4 && BinaryPrimitives.ReadUInt32BigEndian(value) == DtlsErrorDetectionMethod)
                {
                    Extensions |= Extensions.ZeroChecksum;
                }

                return true;
            case ParameterType.StateCookie:
                StateCookie = value;
                return true;
            case ParameterType.HostNameAddress:
                HostName = value;
                return true;
            case ParameterType.IPv4Address or ParameterType.IPv6Address or ParameterType.CookiePreservative
                or ParameterType.SupportedAddressTypes or ParameterType.UnrecognizedParameter:
                return true; // RFC 8261 §5: addresses mean nothing over DTLS
            default:
                return false;
        }
    }

    private static void Report(ref ParameterWriter report, ParameterType type, ReadOnlySpan<byte> value)
    {
        Span<byte> echoed = stackalloc byte[UnrecognizedLimit];
        var length = TypeLengthValue.HeaderLength + value.Length;
        if (length > echoed.Length)
        {
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(echoed, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(echoed[2..], (ushort)length);
        value.CopyTo(echoed[TypeLengthValue.HeaderLength..]);
        report.TryWrite(ParameterType.UnrecognizedParameter, echoed[..length]);
    }
}
