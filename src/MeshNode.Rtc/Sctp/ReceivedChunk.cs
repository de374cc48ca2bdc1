namespace MeshNode.Rtc.Sctp;

/// <summary>
/// A DATA chunk that came ahead of a gap. Neighbouring fragments of one message form a run; its first slot knows the run's end
/// and its last slot the run's start, so that a chunk joins its run, and a message is known to be whole, in constant time.
/// </summary>
internal struct ReceivedChunk
{
    public byte[]? Buffer; // null: nothing here, or delivered already
    public int Length;
    public bool IsPresent;
    public byte Flags;
    public StreamId StreamId;
    public Ssn Ssn;
    public uint Ppid;
    public Tsn RunStart; // valid in the run's last slot
    public Tsn RunEnd; // valid in the run's first slot
}
