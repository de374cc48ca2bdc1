namespace MeshNode.Rtc.Sctp;

/// <summary>Fills one packet with chunks, straight in the caller's buffer.</summary>
internal ref struct PacketWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>Bytes so far, in whole words, with the common header's room.</summary>
    public int Length { get; private set; } = CommonHeader.Length;

    public readonly bool IsEmpty => Length == CommonHeader.Length;

    /// <summary>Bytes that a further chunk may have, in whole words.</summary>
    public readonly int Available => (_buffer.Length - Length) & ~3;

    /// <summary>Room for a chunk of <paramref name="length"/> bytes; its padding is zeroed (RFC 9260 §3.2).</summary>
    public bool TryReserve(int length, out Span<byte> chunk)
    {
        var padded = (length + 3) & ~3;
        if (padded > _buffer.Length - Length)
        {
            chunk = default;
            return false;
        }

        chunk = _buffer.Slice(Length, length);
        _buffer[(Length + length)..(Length + padded)].Clear();
        Length += padded;
        return true;
    }

    /// <summary>Writes the header with its checksum and returns the packet's length.</summary>
    public readonly int Finish(CommonHeader header, bool isZeroChecksum = false)
    {
        header.Write(_buffer[..Length], isZeroChecksum);
        return Length;
    }
}
