using System.Buffers.Binary;

namespace MeshNode.Mesh.Wire;

/// <summary>
/// Reads big-endian fields front to back. A read past the end yields zero or an empty span and sets <see cref="Failed"/>,
/// so that a decoder reads all its fields and asks once at the end. Never throws.
/// </summary>
internal ref struct WireReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;
    private readonly int _length = source.Length;

    public bool Failed { get; private set; }

    public readonly int Remaining => _rest.Length;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _length - _rest.Length;

    /// <summary>True when every read succeeded and nothing is left over.</summary>
    public readonly bool IsComplete => !Failed && _rest.IsEmpty;

    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (Failed || count < 0 || count > _rest.Length)
        {
            Failed = true;
            return default;
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    public byte ReadByte()
    {
        var bytes = ReadBytes(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    public ushort ReadUInt16()
    {
        var bytes = ReadBytes(2);
        return bytes.IsEmpty ? (ushort)0 : BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public uint ReadUInt32()
    {
        var bytes = ReadBytes(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        var bytes = ReadBytes(8);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }

    /// <summary>A field that is preceded by its length in two bytes.</summary>
    public ReadOnlySpan<byte> ReadBytes16() => ReadBytes(ReadUInt16());

    /// <summary>A field that is preceded by its length in one byte.</summary>
    public ReadOnlySpan<byte> ReadBytes8() => ReadBytes(ReadByte());
}
