namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>COOKIE ECHO (RFC 9260 §3.3.11): the state cookie as it was received. First in its packet.</summary>
internal readonly ref struct CookieEchoChunk
{
    public ReadOnlySpan<byte> Cookie { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> chunk, out CookieEchoChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.CookieEcho, ChunkHeader.Length + 1))
        {
            return false;
        }

        result = new CookieEchoChunk { Cookie = chunk[ChunkHeader.Length..] };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 4 bytes and the cookie.</summary>
    public static void Write(Span<byte> chunk, ReadOnlySpan<byte> cookie)
    {
        ChunkHeader.Write(chunk, ChunkType.CookieEcho);
        cookie.CopyTo(chunk[ChunkHeader.Length..]);
    }
}
