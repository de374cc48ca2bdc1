namespace MeshNode.Rtc.Sctp;

/// <summary>What a SACK changed.</summary>
/// <param name="IsValid">False when it acknowledges what was never sent: a protocol violation.</param>
/// <param name="IsOld">Its cumulative TSN is behind; nothing was changed.</param>
/// <param name="BytesAcknowledged">Newly acknowledged, in wire bytes.</param>
/// <param name="CumulativeAdvanced">The cumulative TSN ack point moved.</param>
/// <param name="HasLoss">Chunks were declared lost for the first time since fast recovery ended.</param>
/// <param name="RoundTrip">Of the newest chunk acknowledged that was sent once; null when there is none.</param>
internal readonly record struct SackResult(bool IsValid, bool IsOld, int BytesAcknowledged, bool CumulativeAdvanced, bool HasLoss, TimeSpan? RoundTrip);
