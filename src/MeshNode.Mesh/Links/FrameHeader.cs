namespace MeshNode.Mesh.Links;

/// <param name="Kind">What the frame is; may be a number that this version does not know.</param>
/// <param name="Sequence">Counts the sender's frames on this channel from 0; pong, ack and nack name another frame's.</param>
public readonly record struct FrameHeader(FrameKind Kind, ulong Sequence);
