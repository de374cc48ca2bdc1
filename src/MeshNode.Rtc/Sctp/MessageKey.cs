namespace MeshNode.Rtc.Sctp;

/// <summary>What tells an interleaved message from all others: RFC 8260 §2.1's stream, U bit and MID.</summary>
internal readonly record struct MessageKey(StreamId StreamId, bool IsUnordered, uint Mid)
{
    /// <summary>Seeded by the process, since the far side chooses the values.</summary>
    public override int GetHashCode() => HashCode.Combine(StreamId.Value, IsUnordered, Mid);
}
