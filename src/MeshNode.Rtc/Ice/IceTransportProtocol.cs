namespace MeshNode.Rtc.Ice;

/// <summary>The <c>transport</c> of a candidate, RFC 8839 §5.1 and RFC 6544.</summary>
public enum IceTransportProtocol
{
    Udp,
    Tcp,
}
