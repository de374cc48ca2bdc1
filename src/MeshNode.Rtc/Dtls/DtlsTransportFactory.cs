namespace MeshNode.Rtc.Dtls;

/// <summary>Makes the transport once role and fingerprints are known.</summary>
internal delegate IDtlsTransport DtlsTransportFactory(DtlsCertificate certificate, DtlsRole role, IReadOnlyList<DtlsFingerprint> expected);
