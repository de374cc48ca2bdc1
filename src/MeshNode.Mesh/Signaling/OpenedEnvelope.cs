using MeshNode.Mesh.Identity;

namespace MeshNode.Mesh.Signaling;

/// <summary>What an envelope held, after seal, signature, boot nonce and sequence were found right.</summary>
/// <param name="From">Who signed it.</param>
/// <param name="MessageId">Names the message over all its attempts.</param>
/// <param name="Type">What the payload is; may be a number that this version does not know.</param>
/// <param name="Sequence">The sender's number, never seen before from it.</param>
/// <param name="Payload">JSON in UTF-8; see <see cref="SignalPayload.TryParse"/>.</param>
public sealed record OpenedEnvelope(PeerId From, MessageId MessageId, EnvelopeType Type, ulong Sequence, ReadOnlyMemory<byte> Payload);
