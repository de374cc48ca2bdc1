namespace MeshNode.Rtc.Sctp;

/// <summary>What a SACK changed.</summary>
/// <param name="IsValid">False when it acknowledges what was never sent: a protocol violation.</param>
/// <param name="IsOld">Its cumulative TSN is behind; nothing was changed.</param>
/// <param name="BytesAcknowledged">Newly acknowledged, in wire bytes.</param>
/// <param name="CumulativeAdvanced">The cumulative TSN ack point moved.</param>
internal readonly record struct SackResult(bool IsValid, bool IsOld, int BytesAcknowledged, bool CumulativeAdvanced);
