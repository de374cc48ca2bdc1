using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Links;

/// <summary>What a handshake starts from.</summary>
public sealed record LinkHandshakeConfiguration
{
    public required NodeIdentity Identity { get; init; }

    public required LinkRole Role { get; init; }

    public required ChannelBinding Binding { get; init; }

    /// <summary>Whom we let in, as the accepter. An opener has chosen by itself whom it dials, or names it in <see cref="ExpectedPeer"/>.</summary>
    public required AdmissionPolicy Admission { get; init; }

    /// <summary>Who must be at the other end, in either role; null when that is open.</summary>
    public PeerId? ExpectedPeer { get; init; }

    /// <summary>The token that lets us in over there, if we have one.</summary>
    public InviteToken? Invite { get; init; }

    public PeerFlags Flags { get; init; } = PeerFlags.Node | PeerFlags.Relays;

    /// <summary>Program and version: printable, at most <see cref="Hello.MaxAgentLength"/> bytes of UTF-8.</summary>
    public string Agent { get; init; } = "meshnode";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
