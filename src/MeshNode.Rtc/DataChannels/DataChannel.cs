using MeshNode.Rtc.Sctp;

namespace MeshNode.Rtc.DataChannels;

/// <summary>
/// One bidirectional channel: a pair of SCTP streams with the same id (RFC 8831 §6.4). Owned by its
/// <see cref="DataChannelTransport"/> and used on the same thread.
/// </summary>
public sealed class DataChannel
{
    private readonly DataChannelTransport _transport;
    private long _bufferedAmountLowThreshold;

    internal DataChannel(DataChannelTransport transport, string label, DataChannelInit init, ushort? id)
    {
        _transport = transport;
        Label = label;
        Init = init;
        Id = id;
    }

    public string Label { get; }

    public string Protocol => Init.Protocol;

    public bool Ordered => Init.Ordered;

    public bool Negotiated => Init.Negotiated;

    public ushort? MaxRetransmits => Init.MaxRetransmits;

    public TimeSpan? MaxPacketLifeTime => Init.MaxPacketLifeTime;

    public DataChannelPriority Priority => Init.Priority;

    /// <summary>Stream id; null until the DTLS role is known (RFC 8832 §6).</summary>
    public ushort? Id { get; internal set; }

    public DataChannelState ReadyState { get; internal set; } = DataChannelState.Connecting;

    /// <summary>Bytes of messages accepted and not yet sent for the first time.</summary>
    public long BufferedAmount => Stream?.BufferedAmount ?? 0;

    /// <summary>BufferedAmountLow is raised when BufferedAmount falls from above this to it or below. Bytes, 0 or more.</summary>
    public long BufferedAmountLowThreshold
    {
        get => _bufferedAmountLowThreshold;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _bufferedAmountLowThreshold = value;
            if (Stream is { } stream)
            {
                stream.BufferedAmountLowThreshold = value;
            }
        }
    }

    /// <summary>For the owner's use.</summary>
    public object? Tag { get; set; }

    internal DataChannelInit Init { get; }

    /// <summary>The stream that is sent on, once the id is known.</summary>
    internal OutgoingStream? Stream { get; set; }

    /// <summary>Until then everything is sent ordered, behind DATA_CHANNEL_OPEN (RFC 8832 §6).</summary>
    internal bool IsAcknowledged { get; set; }

    internal bool IsOutgoingReset { get; set; }

    internal bool IsIncomingReset { get; set; }

    /// <summary>Copies a message into the send buffer; an empty one is allowed.</summary>
    public DataChannelSendResult Send(MonotonicTime now, ReadOnlySpan<byte> data, DataChannelMessageKind kind) =>
        _transport.Send(now, this, data, kind);

    /// <summary>Sends what is queued, then closes both directions; a channel that closes or is closed already stays so.</summary>
    public void Close(MonotonicTime now) => _transport.Close(now, this);

    public override string ToString() => $"{Label} ({Id?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}, {ReadyState})";
}
