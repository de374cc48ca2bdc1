namespace MeshNode.Rtc.DataChannels;

/// <summary>Priorities of RFC 8831 §6.4 with their DCEP values (RFC 8832 §5.1): weights of the stream scheduler.</summary>
public enum DataChannelPriority
{
    VeryLow = 128,
    Low = 256,
    Medium = 512,
    High = 1024,
}
