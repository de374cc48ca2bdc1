namespace MeshNode.Rtc.DataChannels;

/// <summary>What became of a message handed to <see cref="DataChannel.Send"/>.</summary>
public enum DataChannelSendResult
{
    /// <summary>Copied into the send buffer.</summary>
    Sent,

    /// <summary>The channel is not open (yet, or any more).</summary>
    NotOpen,

    /// <summary>Larger than the far side's max-message-size.</summary>
    TooLarge,

    /// <summary>It would not fit into the send buffer now; wait for BufferedAmountLow.</summary>
    BufferFull,
}
