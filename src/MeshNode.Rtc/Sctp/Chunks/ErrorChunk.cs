namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>ERROR (RFC 9260 §3.3.10): one or more error causes that do not end the association.</summary>
internal readonly ref struct ErrorChunk
{
    public ReadOnlySpan<byte> Causes { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> chunk, out ErrorChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.Error, ChunkHeader.Length) || !TypeLengthValue.IsWellFormed(chunk[ChunkHeader.Length..]))
        {
            return false;
        }

        result = new ErrorChunk { Causes = chunk[ChunkHeader.Length..] };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 4 bytes and the causes.</summary>
    public static void Write(Span<byte> chunk, ReadOnlySpan<byte> causes)
    {
        ChunkHeader.Write(chunk, ChunkType.Error);
        causes.CopyTo(chunk[ChunkHeader.Length..]);
    }
}
