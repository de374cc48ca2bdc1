namespace MeshNode.Rtc.DataChannels;

/// <summary>DATA_CHANNEL_ACK (RFC 8832 §5.2): one byte.</summary>
internal static class DataChannelAckMessage
{
    public const byte MessageType = 0x02;

    public static ReadOnlySpan<byte> Bytes => [MessageType];

    public static bool IsMatch(ReadOnlySpan<byte> message) => message.Length == 1 && message[0] == MessageType;
}
