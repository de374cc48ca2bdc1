namespace MeshNode.Rtc.Sctp;

/// <summary>The latest transmission among the chunks that a SACK newly acknowledges.</summary>
internal struct NewestAcked
{
    public long SendOrder;
    public long SentAt; // ticks, of chunks sent once (Karn's algorithm)
    public bool HasRoundTrip;
}
