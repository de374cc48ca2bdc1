using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.DataChannels;

/// <summary>An event that waits for its reader, with the pooled buffer of a message.</summary>
/// <param name="Length">Bytes of the message.</param>
/// <param name="WireLength">Bytes it took in the receive window: 1 for an empty message.</param>
internal readonly record struct QueuedEvent(
    DataChannelEventKind Kind, DataChannel? Channel, DataChannelMessageKind MessageKind, byte[]? Buffer, int Length, int WireLength, SctpError? Error);
