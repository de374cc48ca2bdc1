namespace MeshNode.Rtc.DataChannels;

/// <summary>W3C RTCDataChannelInit. At most one of the two limits of reliability may be set.</summary>
public sealed record DataChannelInit
{
    public bool Ordered { get; init; } = true;

    /// <summary>Retransmissions after the first transmission until a message is given up; null for no limit.</summary>
    public ushort? MaxRetransmits { get; init; }

    /// <summary>Time after which a message is given up, in whole milliseconds up to 65,535; null for no limit.</summary>
    public TimeSpan? MaxPacketLifeTime { get; init; }

    /// <summary>Subprotocol, at most 65,535 bytes of UTF-8.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>True when both sides create the channel with the same <see cref="Id"/> and none announces it.</summary>
    public bool Negotiated { get; init; }

    /// <summary>Stream id in [0, 65534]; required when negotiated, ignored otherwise (as in W3C).</summary>
    public ushort? Id { get; init; }

    public DataChannelPriority Priority { get; init; } = DataChannelPriority.Low;
}
