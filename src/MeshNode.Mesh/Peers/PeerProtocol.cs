using MeshNode.Mesh.Identity;
using MeshNode.Mesh.Links;

namespace MeshNode.Mesh.Peers;

// Messages that more than one actor of the mesh uses with peers.

/// <summary>Wants the peer connected; nothing happens when it is or is about to be.</summary>
public sealed record ConnectPeer(PeerId Peer);

/// <summary>Ends the peer's connection with a reason that the far side's event shows.</summary>
public sealed record DisconnectPeer(PeerId Peer, GoodbyeReason Reason, string Text);

/// <summary>
/// Sends a text on the <c>reliable</c> channel, connecting first if need be. Answered with <see cref="DeliveryResult"/>
/// when the far application has acknowledged it, when it is refused, or after <paramref name="Timeout"/>.
/// </summary>
public sealed record SendText(PeerId Peer, string Text, TimeSpan Timeout);

/// <param name="Delivered">The far application has acknowledged the message.</param>
/// <param name="Failure">Why not, in a sentence for people; null when delivered.</param>
/// <param name="Path"><c>direct</c> or <c>relayed</c>.</param>
/// <param name="Took">From the request to this answer.</param>
public sealed record DeliveryResult(bool Delivered, string? Failure, string Path, TimeSpan Took);

/// <summary>A message for the application of this node; it answers <see cref="AcknowledgeMessage"/> to the sender.</summary>
public sealed record IncomingMessage(PeerId From, ulong Sequence, string Text);

/// <summary>The application has taken the message.</summary>
public sealed record AcknowledgeMessage(ulong Sequence);

/// <summary>Published on the event stream with every transition of a peer.</summary>
public sealed record PeerStateChanged(PeerId Peer, PeerState From, PeerState To, PeerTrigger Trigger, string Cause);

/// <summary>Published on the event stream: the next attempt to bring a peer back.</summary>
public sealed record ReconnectScheduled(PeerId Peer, int Attempt, TimeSpan Delay);

/// <summary>Published on the event stream: the peer is back.</summary>
public sealed record PeerReconnected(PeerId Peer, TimeSpan Took);

/// <summary>Published on the event stream: what became of messages on a channel (queued, backpressure, channel-ready, sent).</summary>
public sealed record ChannelEvent(PeerId Peer, ChannelKind Channel, ChannelEventKind Kind);

public enum ChannelEventKind
{
    Queued,
    Backpressure,
    ChannelReady,
    Sent,
}

/// <summary>What the registry and the console know of a peer; sent by its actor with every change.</summary>
public sealed record PeerSnapshot(
    PeerId Peer, PeerState State, string Cause, string Path, double? RttMs, IReadOnlyList<ChannelSnapshot> Channels);

/// <param name="Label">The channel's label.</param>
/// <param name="State"><c>open</c>, <c>connecting</c> or <c>closed</c>.</param>
/// <param name="BufferedBytes">Waiting in the queue and in the transport.</param>
public sealed record ChannelSnapshot(string Label, string State, long BufferedBytes);
