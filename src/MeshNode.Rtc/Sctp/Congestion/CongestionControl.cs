namespace MeshNode.Rtc.Sctp.Congestion;

/// <summary>Which algorithm decides how much may be in flight and how fast it leaves.</summary>
public enum CongestionControl
{
    /// <summary>Model-based: measures the bottleneck's rate and the path's round trip, and keeps about their product in flight.</summary>
    Bbr,

    /// <summary>Loss-based: RFC 9260 §7.2, paced.</summary>
    NewReno,
}
