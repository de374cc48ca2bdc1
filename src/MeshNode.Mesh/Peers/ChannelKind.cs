namespace MeshNode.Mesh.Peers;

/// <summary>
/// The four data channels of a mesh peer (SPEC §1.2). Between mesh peers they are negotiated with the enum's value as
/// stream id, so that none is opened twice or waits for DCEP.
/// </summary>
public enum ChannelKind : byte
{
    /// <summary>Ordered, reliable, highest priority: signalling and housekeeping.</summary>
    Control = 0,

    /// <summary>Ordered, reliable: the default.</summary>
    Reliable = 1,

    /// <summary>Unordered, no retransmission: real-time.</summary>
    Unreliable = 2,

    /// <summary>Ordered, reliable, lowest priority: bulk.</summary>
    File = 3,
}

public static class ChannelKinds
{
    public const int Count = 4;

    public static string Label(this ChannelKind kind) => kind switch
    {
        ChannelKind.Control => "control",
        ChannelKind.Reliable => "reliable",
        ChannelKind.Unreliable => "unreliable",
        _ => "file",
    };
}
