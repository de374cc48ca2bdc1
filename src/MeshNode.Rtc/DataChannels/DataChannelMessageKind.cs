namespace MeshNode.Rtc.DataChannels;

/// <summary>What a message's PPID says of it (RFC 8831 §8).</summary>
public enum DataChannelMessageKind
{
    /// <summary>UTF-8 text; validity is the reader's business.</summary>
    Text,
    Binary,
}
