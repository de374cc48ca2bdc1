using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// Compares the peer's certificate with the fingerprints of its description while the handshake runs, so that
/// a wrong certificate ends it with the alert bad_certificate before any key is used.
/// </summary>
internal static unsafe class DtlsPeerVerification
{
    public static delegate* unmanaged<nint, void*, int> Callback => &Verify;

    /// <summary>Stores what is expected. At least one fingerprint is needed.</summary>
    /// <remarks>
    /// RFC 8122 section 5: of fingerprints with different hash functions an endpoint picks the set with the hash
    /// it prefers, here the strongest, and the certificate must match one of that set.
    /// </remarks>
    public static void Expect(DatagramBioState* state, IReadOnlyList<DtlsFingerprint> fingerprints)
    {
        var strongest = fingerprints.Max(f => f.Algorithm);
        state->Digest = strongest switch
        {
            DtlsHashAlgorithm.Sha256 => LibCrypto.EVP_sha256(),
            DtlsHashAlgorithm.Sha384 => LibCrypto.EVP_sha384(),
            _ => LibCrypto.EVP_sha512(),
        };
        foreach (var fingerprint in fingerprints.Where(f => f.Algorithm == strongest).Take(DatagramBioState.MaxFingerprints))
        {
            state->DigestLength = fingerprint.Digest.Length;
            fingerprint.Digest.CopyTo(Expected(state, state->FingerprintCount++));
        }
    }

    [UnmanagedCallersOnly]
    private static int Verify(nint storeContext, void* argument)
    {
        var ssl = LibCrypto.X509_STORE_CTX_get_ex_data(storeContext, LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx());
        var state = ssl == 0 ? null : (DatagramBioState*)LibSsl.SSL_get_ex_data(ssl, 0);
        var certificate = LibCrypto.X509_STORE_CTX_get0_cert(storeContext);
        if (state == null || certificate == 0)
        {
            return 0;
        }

        if (Matches(state, certificate))
        {
            state->PeerMatched = true;
            return 1;
        }

        state->PeerMismatched = true;
        LibCrypto.X509_STORE_CTX_set_error(storeContext, LibCrypto.X509CertRejected);
        return 0;
    }

    private static bool Matches(DatagramBioState* state, nint certificate)
    {
        var digest = stackalloc byte[DatagramBioState.MaxDigestLength];
        uint length = 0;
        if (LibCrypto.X509_digest(certificate, state->Digest, digest, &length) != 1 || length != state->DigestLength)
        {
            return false;
        }

        var actual = new ReadOnlySpan<byte>(digest, (int)length);
        var matched = false;
        for (var i = 0; i < state->FingerprintCount; i++)
        {
            matched |= CryptographicOperations.FixedTimeEquals(actual, Expected(state, i)[..actual.Length]);
        }

        return matched;
    }

    private static Span<byte> Expected(DatagramBioState* state, int index) =>
        new(state->Fingerprints + (index * DatagramBioState.MaxDigestLength), DatagramBioState.MaxDigestLength);
}
