using System.Buffers.Binary;

namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>Walks the chunks of a packet, which follow its common header.</summary>
internal ref struct ChunkReader(ReadOnlySpan<byte> chunks)
{
    private ReadOnlySpan<byte> _rest = chunks;

    /// <summary>A chunk's length ran past the packet or below its own header; what followed was not read.</summary>
    public bool IsMalformed { get; private set; }

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next chunk without its padding, and its type, which may be unknown.</summary>
    public bool TryRead(out ChunkType type, out ReadOnlySpan<byte> chunk)
    {
        type = default;
        chunk = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        if (_rest.Length < ChunkHeader.Length)
        {
            IsMalformed = true;
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
        if (length < ChunkHeader.Length || length > _rest.Length)
        {
            IsMalformed = true;
            return false;
        }

        type = (ChunkType)_rest[0];
        chunk = _rest[..length];
        // RFC 9260 §3.2: a receiver must take the last chunk's missing padding, too.
        _rest = _rest[Math.Min((length + 3) & ~3, _rest.Length)..];
        return true;
    }
}
