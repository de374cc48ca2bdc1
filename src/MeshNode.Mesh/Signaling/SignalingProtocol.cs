using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Signaling;

// Messages of the signalling actor.

/// <summary>Signs, seals and sends a payload; <see cref="SignalFailed"/> comes back when it cannot be sent.</summary>
public sealed record SendSignal(PeerId To, SignalPayload Payload);

/// <summary>An envelope could not be sent.</summary>
/// <param name="To">Its receiver.</param>
/// <param name="Reason">A sentence for people.</param>
/// <param name="Payload">What was to be said.</param>
public sealed record SignalFailed(PeerId To, string Reason, SignalPayload? Payload);

/// <summary>What a verified, fresh envelope held.</summary>
/// <param name="From">Who signed it.</param>
/// <param name="Sequence">Grows with every envelope of that sender.</param>
/// <param name="Payload">What it says.</param>
public sealed record SignalReceived(PeerId From, ulong Sequence, SignalPayload Payload);

/// <summary>A verified advert, newer than the one before: how to seal to its owner. Routing tells signalling.</summary>
public sealed record RecordLearnt(PeerId Peer, KeyBundle Bundle, BootNonce BootNonce);

/// <summary>A peer that was known has another boot nonce: its process was started again, and its connections are gone.</summary>
public sealed record PeerRestarted(PeerId Peer, BootNonce BootNonce);

/// <summary>Adverts have expired; what routing still knows is <paramref name="Remaining"/>.</summary>
public sealed record RecordsForgotten(IReadOnlySet<PeerId> Remaining);

/// <summary>Sends an envelope one hop nearer to its receiver; <see cref="SignalFailed"/> comes back when there is no way.</summary>
/// <param name="To">The receiver.</param>
/// <param name="Bytes">The envelope.</param>
/// <param name="Payload">What it says, when it is our own; comes back when it fails.</param>
internal sealed record RouteEnvelope(PeerId To, byte[] Bytes, SignalPayload? Payload = null);

/// <summary>Asks for the counters of refused and relayed envelopes; answered with <see cref="SignalingStatistics"/>.</summary>
internal sealed record GetSignalingStatistics;

/// <param name="Opened">Envelopes for this node that were accepted.</param>
/// <param name="Relayed">Envelopes passed on.</param>
/// <param name="Duplicates">Copies that a relay recognised.</param>
/// <param name="Refused">By reason; reasons that never occurred are absent.</param>
public sealed record SignalingStatistics(long Opened, long Relayed, long Duplicates, IReadOnlyDictionary<RefusalReason, long> Refused);
