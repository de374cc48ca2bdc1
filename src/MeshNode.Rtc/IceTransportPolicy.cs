namespace MeshNode.Rtc;

/// <summary>W3C RTCIceTransportPolicy: which local candidates are used.</summary>
public enum IceTransportPolicy
{
    All,
    Relay,
}
