using MeshNode.Rtc.Sctp.Congestion;

namespace MeshNode.Rtc.Sctp;

/// <summary>What the chunks that a SACK newly acknowledges tell about time.</summary>
internal struct NewestAcked
{
    public bool IsAny; // something was newly acknowledged
    public long SentAt; // ticks; of the latest transmission
    public bool IsRetransmission; // of the same: the acknowledgement may be that of an earlier transmission
    public SendStamp Stamp; // of the same
    public long SentOnceAt; // ticks; the latest of chunks sent once (Karn's algorithm)
    public bool HasRoundTrip;
    public bool HasReordering; // a chunk sent once arrived after one with a higher TSN
    public bool HasLateArrival; // a chunk that had been declared lost, and not been sent again, arrived
}
