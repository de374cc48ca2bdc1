using MeshNode.Rtc.Sctp.Congestion;

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

/// <summary>A DATA or I-DATA chunk with a TSN beyond the cumulative TSN ack point; 64 bytes, since thousands of small ones are outstanding.</summary>
internal struct OutstandingChunk
{
    public OutgoingMessage Message;
    public long SentAt; // ticks
    public int Offset;
    public uint Fsn; // counts the message's fragments from 0
    public Tsn SentBefore; // while in flight: its neighbours by time of transmission
    public Tsn SentAfter;
    public SendStamp Stamp;
    public ushort Length; // 0: stands for the unsent rest of an abandoned message
    public ushort Retransmissions;
    public byte Flags;
    public OutstandingState State;
    public byte HeaderLength; // DATA's or I-DATA's

    /// <summary>Bytes in a packet, with header and padding.</summary>
    public readonly int WireLength => HeaderLength + ((Length + 3) & ~3);
}
