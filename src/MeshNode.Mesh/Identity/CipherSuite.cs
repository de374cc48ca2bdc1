namespace MeshNode.Mesh.Identity;

/// <summary>How an envelope is sealed and signed; a number that a key bundle offers and an envelope names.</summary>
public enum CipherSuite : byte
{
    /// <summary>
    /// HPKE (RFC 9180) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM; signatures ECDSA P-256 with SHA-256.
    /// </summary>
    HpkeP256Aes128Gcm = 1,
}
