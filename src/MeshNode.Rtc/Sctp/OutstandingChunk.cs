namespace MeshNode.Rtc.Sctp;

internal enum OutstandingState : byte
{
    InFlight,

    /// <summary>Acknowledged by a gap block; the far side may still drop it (RFC 9260 §6.2).</summary>
    Acked,

    /// <summary>Declared lost; to be sent again.</summary>
    Lost,

    /// <summary>Given up; covered by a FORWARD TSN (RFC 3758).</summary>
    Abandoned,
}

/// <summary>A DATA or I-DATA chunk with a TSN beyond the cumulative TSN ack point.</summary>
internal struct OutstandingChunk
{
    public OutgoingMessage Message;
    public int Offset;
    public int Length; // 0: stands for the unsent rest of an abandoned message
    public long SentAt; // ticks
    public long SendOrder; // counts transmissions of the association; later ones that arrive show that this one did not
    public int Retransmissions;
    public uint Fsn; // counts the message's fragments from 0
    public byte Flags;
    public byte MissingReports;
    public OutstandingState State;
    public byte HeaderLength; // DATA's or I-DATA's

    /// <summary>Bytes in a packet, with header and padding.</summary>
    public readonly int WireLength => HeaderLength + ((Length + 3) & ~3);
}
