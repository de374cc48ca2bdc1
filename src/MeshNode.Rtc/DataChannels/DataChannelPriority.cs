namespace MeshNode.Rtc.DataChannels;

/// <summary>
/// Priorities of RFC 8831 §6.4 with their DCEP values (RFC 8832 §5.1). The lower three share by these weights; what is sent with
/// <see cref="High"/> goes before all of them, so a channel that always has something to send should not have it.
/// </summary>
public enum DataChannelPriority
{
    VeryLow = 128,
    Low = 256,
    Medium = 512,
    High = 1024,
}
