using System.Security.Cryptography;
using MeshNode.Mesh.Identity;
using MeshNode.Rtc;

namespace MeshNode.Mesh.Signaling;

/// <summary>
/// DHKEM(P-256, HKDF-SHA256), RFC 9180 §4.1, KEM id 0x0010. All points were found to be on the curve by the caller.
/// </summary>
internal static class HpkeKem
{
    private static ReadOnlySpan<byte> SuiteId => [(byte)'K', (byte)'E', (byte)'M', 0x00, 0x10];

    /// <summary>
    /// DeriveKeyPair(ikm), RFC 9180 §7.1.3: candidates until one is in [1, n).
    /// </summary>
    /// <exception cref="CryptographicException">"DeriveKeyPairError": 256 candidates in a row were not (chance 2^-8192).</exception>
    public static ECDiffieHellman DeriveKeyPair(ReadOnlySpan<byte> ikm)
    {
        var prk = HpkeKdf.LabeledExtract(SuiteId, default, "dkp_prk"u8, ikm);
        for (var counter = 0; counter < 256; counter++)
        {
            var scalar = HpkeKdf.LabeledExpand(SuiteId, prk, "candidate"u8, [(byte)counter], P256.ScalarLength);
            if (P256.IsScalar(scalar))
            {
                return ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
            }
        }

        throw new CryptographicException("DeriveKeyPairError");
    }

    /// <summary>A fresh key pair from 32 random bytes (Nsk).</summary>
    public static ECDiffieHellman GenerateKeyPair(RandomSource secure)
    {
        Span<byte> ikm = stackalloc byte[P256.ScalarLength];
        secure.Fill(ikm);
        var pair = DeriveKeyPair(ikm);
        CryptographicOperations.ZeroMemory(ikm);
        return pair;
    }

    /// <summary>Encap, or AuthEncap where <paramref name="sender"/> is given: the shared secret and <paramref name="enc"/>.</summary>
    public static byte[] Encapsulate(ReadOnlySpan<byte> receiver, ECDiffieHellman ephemeral, ECDiffieHellman? sender, out byte[] enc)
    {
        enc = P256.ExportPoint(ephemeral);
        var dh = Agree(ephemeral, receiver);
        return sender is null
            ? ExtractAndExpand(dh, [.. enc, .. receiver])
            : ExtractAndExpand([.. dh, .. Agree(sender, receiver)], [.. enc, .. receiver, .. P256.ExportPoint(sender)]);
    }

    /// <summary>Decap, or AuthDecap where the sender's point is given.</summary>
    /// <param name="enc">The encapsulated key.</param>
    /// <param name="agree">Diffie-Hellman with the receiver's private key.</param>
    /// <param name="receiver">The receiver's public key.</param>
    /// <param name="sender">The sender's public key, or empty.</param>
    public static byte[] Decapsulate(ReadOnlySpan<byte> enc, Agreement agree, ReadOnlySpan<byte> receiver, ReadOnlySpan<byte> sender)
    {
        var dh = agree(enc);
        return sender.IsEmpty
            ? ExtractAndExpand(dh, [.. enc, .. receiver])
            : ExtractAndExpand([.. dh, .. agree(sender)], [.. enc, .. receiver, .. sender]);
    }

    /// <summary>Diffie-Hellman with a point; 32 bytes, the x-coordinate.</summary>
    public static byte[] Agree(ECDiffieHellman key, ReadOnlySpan<byte> point)
    {
        using var other = ECDiffieHellman.Create(P256.PublicParameters(point));
        using var publicKey = other.PublicKey;
        return key.DeriveRawSecretAgreement(publicKey);
    }

    private static byte[] ExtractAndExpand(byte[] dh, ReadOnlySpan<byte> kemContext)
    {
        var eaePrk = HpkeKdf.LabeledExtract(SuiteId, default, "eae_prk"u8, dh);
        var sharedSecret = HpkeKdf.LabeledExpand(SuiteId, eaePrk, "shared_secret"u8, kemContext, 32);
        CryptographicOperations.ZeroMemory(dh);
        CryptographicOperations.ZeroMemory(eaePrk);
        return sharedSecret;
    }

    /// <summary>Diffie-Hellman of a private key that stays where it is with the given point.</summary>
    public delegate byte[] Agreement(ReadOnlySpan<byte> point);
}
