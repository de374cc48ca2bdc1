namespace MeshNode.Rtc.Dtls;

/// <summary>Hash functions of certificate fingerprints (RFC 8122 section 5), weakest first. Others are not accepted.</summary>
public enum DtlsHashAlgorithm
{
    Sha256,
    Sha384,
    Sha512,
}
