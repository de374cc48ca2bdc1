using MeshNode.Actors;
using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Links;

// A link is an authenticated way to a neighbour: a WebSocket, or the `control` channel of a peer. Its actor runs hello,
// then announces the link to routing and hands over what comes in.

public enum LinkKind
{
    WebSocket,
    DataChannel,
}

/// <summary>Hello has succeeded on a link; sent to routing by the link's actor.</summary>
/// <param name="Peer">Whose key was proved.</param>
/// <param name="Kind">A data channel is preferred over a WebSocket.</param>
/// <param name="Link">Takes <see cref="SendLinkFrame"/>.</param>
public sealed record LinkUp(PeerId Peer, LinkKind Kind, IActorRef Link);

/// <summary>Hello has failed on a link that this side opened; sent to its parent.</summary>
/// <param name="Reason">A sentence for people.</param>
internal sealed record LinkRefused(string Reason);

/// <summary>The link is gone.</summary>
public sealed record LinkDown(PeerId Peer, IActorRef Link);

/// <summary>A link's round trip, measured.</summary>
public sealed record LinkMeasured(PeerId Peer, IActorRef Link, TimeSpan RoundTrip);

/// <summary>Sends a frame on the link; dropped, like on any datagram network, when the link is gone or full.</summary>
public sealed record SendLinkFrame(FrameKind Kind, ReadOnlyMemory<byte> Body);

/// <summary>
/// An envelope that came in over a link; for signalling. It goes by way of routing, so that it cannot overtake the advert
/// before it, which brings its sender's keys.
/// </summary>
public sealed record EnvelopeReceived(PeerId Neighbour, byte[] Bytes);

/// <summary>An advert that came in over a link; for routing.</summary>
public sealed record AdvertReceived(PeerId Neighbour, byte[] Bytes);
