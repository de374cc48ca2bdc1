using System.Buffers.Binary;

namespace MeshNode.Mesh.Wire;

/// <summary>Writes big-endian fields front to back into a span that its owner made large enough.</summary>
internal ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Bytes written so far.</summary>
    public int Position { get; private set; }

    public void WriteByte(byte value) => _destination[Position++] = value;

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    public void WriteBytes(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void WriteBytes8(scoped ReadOnlySpan<byte> bytes)
    {
        WriteByte(checked((byte)bytes.Length));
        WriteBytes(bytes);
    }

    public void WriteBytes16(scoped ReadOnlySpan<byte> bytes)
    {
        WriteUInt16(checked((ushort)bytes.Length));
        WriteBytes(bytes);
    }

    /// <summary>The next <paramref name="length"/> bytes, for the caller to fill.</summary>
    public Span<byte> Take(int length)
    {
        var bytes = _destination.Slice(Position, length);
        Position += length;
        return bytes;
    }
}
