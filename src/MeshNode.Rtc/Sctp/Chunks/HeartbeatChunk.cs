using System.Buffers.Binary;
using MeshNode.Rtc.Sctp.Parameters;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>
/// HEARTBEAT and, with type 5, HEARTBEAT ACK, which returns the same bytes (RFC 9260 §3.3.5, §3.3.6). The body is one
/// Heartbeat Info parameter (type 1), opaque to the receiver.
/// </summary>
internal readonly ref struct HeartbeatChunk
{
    /// <summary>Chunk and parameter header around the info.</summary>
    public const int Overhead = 8;

    public ReadOnlySpan<byte> Info { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> chunk, ChunkType type, out HeartbeatChunk heartbeat)
    {
        heartbeat = default;
        if (!ChunkHeader.Matches(chunk, type, Overhead) || !TypeLengthValue.IsWellFormed(chunk[ChunkHeader.Length..]))
        {
            return false;
        }

        var parameters = new TypeLengthValueReader<ParameterType>(chunk[ChunkHeader.Length..]);
        if (!parameters.TryRead(out var parameterType, out var value) || parameterType != ParameterType.HeartbeatInfo)
        {
            return false;
        }

        heartbeat = new HeartbeatChunk { Info = value };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 8 bytes and the info.</summary>
    public static void Write(Span<byte> chunk, ChunkType type, ReadOnlySpan<byte> info)
    {
        ChunkHeader.Write(chunk, type);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[4..], (ushort)ParameterType.HeartbeatInfo);
        BinaryPrimitives.WriteUInt16BigEndian(chunk[6..], (ushort)(info.Length + 4));
        info.CopyTo(chunk[Overhead..]);
    }
}
