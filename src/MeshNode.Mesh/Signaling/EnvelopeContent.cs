using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// What is inside the seal, before its payload. Layout (big-endian):
/// <code>
/// type u8 | sequence u64 | receiverBootNonce 16 | payloadLength u32 | payload
/// | signature 64 over context ‖ header ‖ enc ‖ everything before
/// </code>
/// </summary>
internal readonly record struct EnvelopeContent(EnvelopeType Type, ulong Sequence, BootNonce ReceiverBootNonce)
{
    /// <summary>Bytes besides the payload.</summary>
    public const int Overhead = 1 + 8 + BootNonce.Length + 4 + P256.SignatureLength;

    /// <summary>Writes all but the signature and returns how many bytes that is.</summary>
    public int WriteTo(Span<byte> destination, ReadOnlySpan<byte> payload)
    {
        var writer = new WireWriter(destination);
        writer.WriteByte((byte)Type);
        writer.WriteUInt64(Sequence);
        ReceiverBootNonce.WriteTo(writer.Take(BootNonce.Length));
        writer.WriteUInt32((uint)payload.Length);
        writer.WriteBytes(payload);
        return writer.Position;
    }

    /// <summary>False when the layout is wrong. An unknown type passes: it is signed, and its receiver says what it makes of it.</summary>
    public static bool TryParse(ReadOnlySpan<byte> source, out EnvelopeContent content, out ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> signature)
    {
        var reader = new WireReader(source);
        var type = reader.ReadByte();
        var sequence = reader.ReadUInt64();
        var bootNonce = reader.ReadBytes(BootNonce.Length);
        var length = reader.ReadUInt32();
        payload = reader.ReadBytes((int)Math.Min(length, int.MaxValue));
        signature = reader.ReadBytes(P256.SignatureLength);
        content = reader.IsComplete ? new EnvelopeContent((EnvelopeType)type, sequence, new BootNonce(bootNonce)) : default;
        return reader.IsComplete;
    }
}
