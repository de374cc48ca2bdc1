using System.Text;

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

    /// <summary>Throws ArgumentException, with what would be valid, unless a channel with this label can be created.</summary>
    internal void Validate(string label)
    {
        if (MaxRetransmits is not null && MaxPacketLifeTime is not null)
        {
            throw new ArgumentException("Set MaxRetransmits or MaxPacketLifeTime, not both.");
        }

        if (MaxPacketLifeTime is { } lifeTime && (lifeTime < TimeSpan.Zero || lifeTime.TotalMilliseconds > ushort.MaxValue))
        {
            throw new ArgumentException("MaxPacketLifeTime is between 0 and 65,535 ms.");
        }

        if (Encoding.UTF8.GetByteCount(label) > ushort.MaxValue || Encoding.UTF8.GetByteCount(Protocol) > ushort.MaxValue)
        {
            throw new ArgumentException("Label and protocol have at most 65,535 bytes of UTF-8 each.", nameof(label));
        }

        if (Negotiated && (Id is null or > StreamIdAllocator.MaxId))
        {
            throw new ArgumentException("A negotiated channel needs an Id from 0 to 65,534.");
        }
    }
}
