using MeshNode.Mesh.Wire;

namespace MeshNode.Mesh.Links;

/// <summary>
/// One message on a link: a binary WebSocket message, or a data channel message between mesh peers. Layout (big-endian):
/// <code>version u8 = 1 | kind u8 | flags u16 = 0 | sequence u64 | body</code>
/// </summary>
public static class Frame
{
    public const byte Version = 1;

    /// <summary>Bytes before the body.</summary>
    public const int HeaderLength = 12;

    /// <summary>Bytes of a whole frame, at most: what any W3C peer accepts in one data channel message by default.</summary>
    public const int MaxLength = 256 * 1024;

    /// <summary>
    /// False when it is too short or long, of another version, or has a flag: a flag may change what the body means,
    /// so one that is not known cannot be skipped. The body lies within <paramref name="frame"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> frame, out FrameHeader header, out ReadOnlySpan<byte> body)
    {
        header = default;
        body = default;
        if (frame.Length is < HeaderLength or > MaxLength)
        {
            return false;
        }

        var reader = new WireReader(frame);
        var version = reader.ReadByte();
        var kind = (FrameKind)reader.ReadByte();
        var flags = reader.ReadUInt16();
        header = new FrameHeader(kind, reader.ReadUInt64());
        body = frame[HeaderLength..];
        return version == Version && flags == 0;
    }

    /// <summary>Writes header and body; returns the bytes written, which are <see cref="HeaderLength"/> more than the body has.</summary>
    public static int Write(Span<byte> destination, FrameKind kind, ulong sequence, ReadOnlySpan<byte> body)
    {
        var writer = new WireWriter(destination);
        writer.WriteByte(Version);
        writer.WriteByte((byte)kind);
        writer.WriteUInt16(0);
        writer.WriteUInt64(sequence);
        writer.WriteBytes(body);
        return writer.Position;
    }

    public static byte[] Create(FrameKind kind, ulong sequence, ReadOnlySpan<byte> body)
    {
        var frame = new byte[HeaderLength + body.Length];
        Write(frame, kind, sequence, body);
        return frame;
    }
}
