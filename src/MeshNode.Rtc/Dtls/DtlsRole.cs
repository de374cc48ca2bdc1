namespace MeshNode.Rtc.Dtls;

/// <summary>Who begins the handshake: the <c>active</c> side of RFC 8842 is the client.</summary>
public enum DtlsRole
{
    Client,
    Server,
}
