namespace MeshNode.Rtc;

/// <summary>W3C RTCSignalingState, without the provisional ones.</summary>
public enum SignalingState
{
    Stable,
    HaveLocalOffer,
    HaveRemoteOffer,
    Closed,
}
