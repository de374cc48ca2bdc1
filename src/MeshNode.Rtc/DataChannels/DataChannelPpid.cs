namespace MeshNode.Rtc.DataChannels;

/// <summary>Payload protocol identifiers of data channels (RFC 8831 §8).</summary>
internal static class DataChannelPpid
{
    public const uint Dcep = 50;
    public const uint String = 51;

    /// <summary>Deprecated by RFC 8831 §8; never sent.</summary>
    public const uint BinaryPartial = 52;
    public const uint Binary = 53;

    /// <summary>Deprecated by RFC 8831 §8; never sent.</summary>
    public const uint StringPartial = 54;
    public const uint StringEmpty = 56;
    public const uint BinaryEmpty = 57;
}
