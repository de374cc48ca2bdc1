namespace MeshNode.Rtc.Sctp;

/// <summary>How a message is to be carried.</summary>
/// <param name="IsUnordered">Delivered as soon as it is whole.</param>
/// <param name="MaxRetransmissions">Retransmissions of a fragment before the message is given up; null for no limit.</param>
/// <param name="Lifetime">Time before the message is given up; null for no limit.</param>
/// <param name="IsControl">Not counted in the stream's buffered amount.</param>
internal readonly record struct SendOptions(bool IsUnordered = false, ushort? MaxRetransmissions = null, TimeSpan? Lifetime = null, bool IsControl = false);
