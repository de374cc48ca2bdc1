using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.DataChannels;

/// <summary>Limits of a <see cref="DataChannelTransport"/>; immutable, may be shared by all transports of a node.</summary>
public sealed record DataChannelTransportConfiguration
{
    /// <summary>The association's parameters; its MaxMessageSize is replaced by <see cref="MaxMessageSize"/>.</summary>
    public SctpConfiguration Sctp { get; init; } = new();

    /// <summary>Bytes of unsent data per channel; a send that would exceed it is refused.</summary>
    public long SendBufferLimit { get; init; } = 16L * 1024 * 1024;

    /// <summary>Largest message taken from the far side, in bytes; what the SDP advertises as max-message-size.</summary>
    public int MaxMessageSize { get; init; } = 262144;

    /// <summary>Channels that may exist at once; further ones of the far side are reset at once.</summary>
    public int MaxChannels { get; init; } = 1024;
}
