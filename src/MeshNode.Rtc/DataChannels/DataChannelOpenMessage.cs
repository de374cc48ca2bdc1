using System.Buffers.Binary;
using System.Text;

namespace MeshNode.Rtc.DataChannels;

/// <summary>
/// DATA_CHANNEL_OPEN (RFC 8832 §5.1).
/// <code>
/// +---------------+---------------+-------------------------------+
/// |  Message Type |  Channel Type |            Priority           |
/// +---------------+---------------+-------------------------------+
/// |                    Reliability Parameter                      |
/// +-------------------------------+-------------------------------+
/// |         Label Length          |       Protocol Length         |
/// +-------------------------------+-------------------------------+
/// |                             Label                             |
/// +---------------------------------------------------------------+
/// |                            Protocol                           |
/// +---------------------------------------------------------------+
/// </code>
/// </summary>
internal static class DataChannelOpenMessage
{
    public const byte MessageType = 0x03;

    private const int FixedLength = 12;
    private const byte ReliableType = 0x00;
    private const byte LimitedRetransmitsType = 0x01;
    private const byte LimitedLifeTimeType = 0x02;
    private const byte UnorderedFlag = 0x80;

    /// <summary>False when it is cut short, of an unknown type, or its texts are not valid UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out string label, out DataChannelInit init)
    {
        label = "";
        init = new DataChannelInit();
        if (message.Length < FixedLength || message[0] != MessageType)
        {
            return false;
        }

        var channelType = message[1];
        int priority = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        var reliability = BinaryPrimitives.ReadUInt32BigEndian(message[4..]);
        int labelLength = BinaryPrimitives.ReadUInt16BigEndian(message[8..]);
        int protocolLength = BinaryPrimitives.ReadUInt16BigEndian(message[10..]);
        if (message.Length != FixedLength + labelLength + protocolLength
            || (channelType & ~UnorderedFlag) > LimitedLifeTimeType
            || !TryDecode(message.Slice(FixedLength, labelLength), out label)
            || !TryDecode(message[(FixedLength + labelLength)..], out var protocol))
        {
            return false;
        }

        var kind = channelType & ~UnorderedFlag;
        init = new DataChannelInit
        {
            Ordered = (channelType & UnorderedFlag) == 0,
            MaxRetransmits = kind == LimitedRetransmitsType ? (ushort)Math.Min(reliability, ushort.MaxValue) : null,
            MaxPacketLifeTime = kind == LimitedLifeTimeType ? TimeSpan.FromMilliseconds(Math.Min(reliability, ushort.MaxValue)) : null,
            Protocol = protocol,
            Priority = ToPriority(priority),
        };
        return true;
    }

    /// <summary>Builds the message; once a channel, so it may allocate.</summary>
    public static byte[] Create(string label, DataChannelInit init)
    {
        var labelLength = Encoding.UTF8.GetByteCount(label);
        var message = new byte[FixedLength + labelLength + Encoding.UTF8.GetByteCount(init.Protocol)];
        var (type, reliability) = init switch
        {
            { MaxRetransmits: { } retransmits } => (LimitedRetransmitsType, (uint)retransmits),
            { MaxPacketLifeTime: { } lifeTime } => (LimitedLifeTimeType, (uint)lifeTime.TotalMilliseconds),
            _ => (ReliableType, 0u),
        };

        message[0] = MessageType;
        message[1] = init.Ordered ? type : (byte)(type | UnorderedFlag);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)init.Priority);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), reliability);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), (ushort)labelLength);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), (ushort)(message.Length - FixedLength - labelLength));
        Encoding.UTF8.GetBytes(label, message.AsSpan(FixedLength));
        Encoding.UTF8.GetBytes(init.Protocol, message.AsSpan(FixedLength + labelLength));
        return message;
    }

    /// <summary>RFC 8831 §6.4: any value up to 128 is "below normal", up to 256 "normal", up to 512 "high", above "extra high".</summary>
    private static DataChannelPriority ToPriority(int value) => value switch
    {
        0 or (> 128 and <= 256) => DataChannelPriority.Low, // 0: stacks that send none
        <= 128 => DataChannelPriority.VeryLow,
        <= 512 => DataChannelPriority.Medium,
        _ => DataChannelPriority.High,
    };

    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        var isValid = System.Text.Unicode.Utf8.IsValid(bytes);
        text = isValid ? Encoding.UTF8.GetString(bytes) : "";
        return isValid;
    }
}
