namespace MeshNode.Rtc.Sctp.Chunks;

/// <summary>ABORT (RFC 9260 §3.3.7): ends the association at once, with causes; with the T bit the verification tag is the receiver's own, reflected.</summary>
internal readonly ref struct AbortChunk
{
    public const byte ReflectedTagFlag = 1;

    public bool IsTagReflected { get; private init; }

    public ReadOnlySpan<byte> Causes { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> chunk, out AbortChunk result)
    {
        result = default;
        if (!ChunkHeader.Matches(chunk, ChunkType.Abort, ChunkHeader.Length) || !TypeLengthValue.IsWellFormed(chunk[ChunkHeader.Length..]))
        {
            return false;
        }

        result = new AbortChunk { IsTagReflected = (chunk[1] & ReflectedTagFlag) != 0, Causes = chunk[ChunkHeader.Length..] };
        return true;
    }

    /// <summary>Writes a chunk that fills <paramref name="chunk"/>: 4 bytes and the causes.</summary>
    public static void Write(Span<byte> chunk, ReadOnlySpan<byte> causes, bool isTagReflected = false)
    {
        ChunkHeader.Write(chunk, ChunkType.Abort, isTagReflected ? ReflectedTagFlag : (byte)0);
        causes.CopyTo(chunk[ChunkHeader.Length..]);
    }
}
