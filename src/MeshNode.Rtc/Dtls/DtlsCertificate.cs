using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// A self-signed ECDSA P-256 certificate and the SSL_CTX that all connections of this process may share.
/// Safe for use by several threads; dispose it when no further connection is made with it.
/// </summary>
public sealed class DtlsCertificate : IDisposable
{
    // RFC 8827 section 6.5: TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and P-256 are mandatory; AEAD only.
    private const string Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305";
    private const string Groups = "P-256:X25519:P-384";

    private readonly byte[] _der;

    private DtlsCertificate(byte[] der, byte[] privateKey)
    {
        _der = der;
        Fingerprint = DtlsFingerprint.Compute(DtlsHashAlgorithm.Sha256, der);
        Context = CreateContext(der, privateKey);
    }

    /// <summary>The SHA-256 fingerprint that descriptions carry.</summary>
    public DtlsFingerprint Fingerprint { get; }

    /// <summary>The certificate's DER form.</summary>
    public ReadOnlySpan<byte> Der => _der;

    internal SslContextHandle Context { get; }

    /// <summary>Makes a key pair and a certificate, valid from a day before <paramref name="now"/> (clocks differ) for a year.</summary>
    /// <exception cref="PlatformNotSupportedException">OpenSSL 3 is not installed; the message says how to install it.</exception>
    public static DtlsCertificate Create(DateTimeOffset now)
    {
        OpenSslLibrary.Require();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // RFC 8827 section 6.5: a name that says nothing of who we are.
        var request = new CertificateRequest("CN=WebRTC", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(365));
        var privateKey = key.ExportECPrivateKey();
        try
        {
            return new DtlsCertificate(certificate.RawData, privateKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public DtlsFingerprint GetFingerprint(DtlsHashAlgorithm algorithm) => DtlsFingerprint.Compute(algorithm, _der);

    public void Dispose() => Context.Dispose();

    private static unsafe SslContextHandle CreateContext(byte[] der, byte[] privateKey)
    {
        LibCrypto.ERR_clear_error();
        var context = new SslContextHandle(LibSsl.SSL_CTX_new(LibSsl.DTLS_method()));
        try
        {
            Check(!context.IsInvalid);
            Check(LibSsl.SSL_CTX_ctrl(context, LibSsl.SslCtrlSetMinProtoVersion, new CLong(LibSsl.Dtls12Version), null).Value == 1);
            Check(LibSsl.SSL_CTX_ctrl(context, LibSsl.SslCtrlSetMaxProtoVersion, new CLong(LibSsl.Dtls12Version), null).Value == 1);
            LibSsl.SSL_CTX_set_options(
                context,
                LibSsl.SslOpNoQueryMtu | LibSsl.SslOpNoTicket | LibSsl.SslOpNoCompression | LibSsl.SslOpNoRenegotiation);
            LibSsl.SSL_CTX_ctrl(context, LibSsl.SslCtrlMode, new CLong(LibSsl.SslModeReleaseBuffers), null);
            LibSsl.SSL_CTX_ctrl(context, LibSsl.SslCtrlSetSessionCacheMode, new CLong(0), null);
            LibSsl.SSL_CTX_ctrl(context, LibSsl.SslCtrlSetReadAhead, new CLong(1), null);
            Check(LibSsl.SSL_CTX_set_cipher_list(context, Ciphers) == 1);
            fixed (byte* groups = System.Text.Encoding.ASCII.GetBytes(Groups + '\0'))
            {
                Check(LibSsl.SSL_CTX_ctrl(context, LibSsl.SslCtrlSetGroupsList, default, groups).Value == 1);
            }

            fixed (byte* certificate = der, key = privateKey)
            {
                Check(LibSsl.SSL_CTX_use_certificate_ASN1(context, der.Length, certificate) == 1);
                Check(LibSsl.SSL_CTX_use_PrivateKey_ASN1(LibSsl.EvpPkeyEc, context, key, new CLong(privateKey.Length)) == 1);
            }

            Check(LibSsl.SSL_CTX_check_private_key(context) == 1);
            // RFC 8827 section 5: both sides present a certificate; the fingerprint alone says whether it is the right one.
            LibSsl.SSL_CTX_set_verify(context, LibSsl.SslVerifyPeer | LibSsl.SslVerifyFailIfNoPeerCert, 0);
            LibSsl.SSL_CTX_set_cert_verify_callback(context, DtlsPeerVerification.Callback, null);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    private static void Check(bool succeeded)
    {
        if (!succeeded)
        {
            throw new CryptographicException("OpenSSL refused the DTLS context: " + OpenSslError.Take());
        }
    }
}
