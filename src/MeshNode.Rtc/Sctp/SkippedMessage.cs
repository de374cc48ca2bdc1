namespace MeshNode.Rtc.Sctp;

/// <summary>The last message of a stream that a FORWARD TSN or I-FORWARD-TSN gives up.</summary>
/// <param name="StreamId">Its stream.</param>
/// <param name="IsUnordered">Which of the stream's two counts the number belongs to; FORWARD TSN names ordered ones only.</param>
/// <param name="Mid">Message identifier; a FORWARD TSN carries its low 16 bits as SSN.</param>
internal readonly record struct SkippedMessage(StreamId StreamId, bool IsUnordered, uint Mid);
