namespace MeshNode.Interop.Tests.Peers;

/// <summary>A data channel as a test asks for it; the fields are those of W3C's RTCDataChannelInit.</summary>
/// <param name="Label">Names the channel in every verb and event, so one label a connection.</param>
/// <param name="Ordered">False lets messages overtake each other.</param>
/// <param name="MaxRetransmits">At most so many retransmissions; null for no such limit.</param>
/// <param name="MaxPacketLifeTime">Milliseconds after which a message is given up; null for no such limit.</param>
/// <param name="Negotiated">True when both sides create it with the same <paramref name="Id"/> and nothing is announced in-band.</param>
/// <param name="Id">SCTP stream id of a negotiated channel.</param>
/// <param name="Protocol">Subprotocol; empty for none.</param>
public sealed record ChannelPlan(
    string Label,
    bool Ordered = true,
    int? MaxRetransmits = null,
    int? MaxPacketLifeTime = null,
    bool Negotiated = false,
    int? Id = null,
    string Protocol = "")
{
    /// <summary>The four reliability kinds of RFC 8832 section 5.1, announced in-band.</summary>
    public static IReadOnlyList<ChannelPlan> InBandKinds { get; } =
    [
        new("ordered-reliable", Protocol: "mesh.test"),
        new("unordered-reliable", Ordered: false),
        new("max-retransmits", Ordered: false, MaxRetransmits: 5),
        new("max-lifetime", MaxPacketLifeTime: 5000),
    ];

    /// <summary>The four channels of a mesh peer, negotiated by id.</summary>
    public static IReadOnlyList<ChannelPlan> MeshChannels { get; } =
    [
        new("control", Negotiated: true, Id: 0),
        new("reliable", Negotiated: true, Id: 1),
        new("unreliable", Ordered: false, MaxRetransmits: 0, Negotiated: true, Id: 2),
        new("file", Negotiated: true, Id: 3),
    ];
}
