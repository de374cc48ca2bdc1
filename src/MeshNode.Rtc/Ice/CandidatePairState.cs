namespace MeshNode.Rtc.Ice;

/// <summary>RFC 8445 §6.1.2.6.</summary>
internal enum CandidatePairState
{
    /// <summary>A pair of the same foundation goes first.</summary>
    Frozen,
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}
