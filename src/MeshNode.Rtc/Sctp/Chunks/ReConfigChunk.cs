namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>RE-CONFIG (RFC 6525 §3.1): one or two re-configuration parameters.</summary>
internal readonly ref struct ReConfigChunk
{
    public ReadOnlySpan<byte> Parameters { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> chunk, out ReConfigChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.ReConfig, ChunkHeader.Length + 4) || !TypeLengthValue.IsWellFormed(chunk[ChunkHeader.Length..]))
        {
            return false;
        }

        result = new ReConfigChunk { Parameters = chunk[ChunkHeader.Length..] };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 4 bytes and the parameters.</summary>
    public static void Write(Span<byte> chunk, ReadOnlySpan<byte> parameters)
    {
        ChunkHeader.Write(chunk, ChunkType.ReConfig);
        parameters.CopyTo(chunk[ChunkHeader.Length..]);
    }
}
