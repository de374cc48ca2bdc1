using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.DataChannels;

public enum DataChannelEventKind
{
    /// <summary>The association is up.</summary>
    Connected,

    /// <summary>The far side opened a channel in-band; it is open already.</summary>
    ChannelAnnounced,

    /// <summary>A channel created here may be used.</summary>
    ChannelOpened,

    /// <summary>A message; <see cref="DataChannelEvent.Data"/> is valid until the next TryReadEvent.</summary>
    Message,

    /// <summary>BufferedAmount fell to BufferedAmountLowThreshold or below it.</summary>
    BufferedAmountLow,

    /// <summary>The far side closes the channel; what was queued here is still sent.</summary>
    ChannelClosing,

    /// <summary>Both directions are closed; the stream id may be used again.</summary>
    ChannelClosed,

    /// <summary>The association ended; the last event. <see cref="DataChannelEvent.Error"/> is null after a graceful shutdown.</summary>
    Closed,
}

/// <summary>Something that happened on a <see cref="DataChannelTransport"/>.</summary>
/// <param name="Kind">Which of the other fields count.</param>
/// <param name="Channel">Null for Connected and Closed.</param>
/// <param name="Data">A message's bytes, in a pooled buffer: valid until the next TryReadEvent.</param>
/// <param name="MessageKind">Of a message.</param>
/// <param name="Error">Of Closed; null after a graceful shutdown.</param>
public readonly record struct DataChannelEvent(
    DataChannelEventKind Kind,
    DataChannel? Channel,
    ReadOnlyMemory<byte> Data,
    DataChannelMessageKind MessageKind,
    SctpError? Error);
