using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>The functions of OpenSSL 3's libssl that the DTLS layer calls, under their own names.</summary>
internal static unsafe partial class LibSsl
{
    public const int Dtls12Version = 0xFEFD;

    public const int SslCtrlSetMtu = 17;
    public const int SslCtrlMode = 33;
    public const int SslCtrlSetReadAhead = 41;
    public const int SslCtrlSetSessionCacheMode = 44;
    public const int SslCtrlSetMaxSendFragment = 52;
    public const int DtlsCtrlHandleTimeout = 74;
    public const int SslCtrlSetGroupsList = 92;
    public const int SslCtrlGetExtmsSupport = 122;
    public const int SslCtrlSetMinProtoVersion = 123;
    public const int SslCtrlSetMaxProtoVersion = 124;

    public const ulong SslOpNoQueryMtu = 1UL << 12;
    public const ulong SslOpNoTicket = 1UL << 14;
    public const ulong SslOpNoCompression = 1UL << 17;
    public const ulong SslOpNoRenegotiation = 1UL << 30;

    public const int SslModeReleaseBuffers = 0x10;

    public const int SslVerifyPeer = 0x01;
    public const int SslVerifyFailIfNoPeerCert = 0x02;

    public const int SslErrorSsl = 1;
    public const int SslErrorWantRead = 2;
    public const int SslErrorWantWrite = 3;
    public const int SslErrorZeroReturn = 6;

    /// <summary>EVP_PKEY_EC (NID_X9_62_id_ecPublicKey).</summary>
    public const int EvpPkeyEc = 408;

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint DTLS_method();

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint SSL_CTX_new(nint method);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_CTX_free(nint context);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial CLong SSL_CTX_ctrl(SslContextHandle context, int command, CLong argument, byte* pointer);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    [LibraryImport(OpenSslLibrary.Ssl, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SSL_CTX_set_cipher_list(SslContextHandle context, string ciphers);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_CTX_set_verify(SslContextHandle context, int mode, nint callback);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_CTX_set_cert_verify_callback(SslContextHandle context, delegate* unmanaged<nint, void*, int> callback, void* argument);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_CTX_use_certificate_ASN1(SslContextHandle context, int length, byte* der);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_CTX_use_PrivateKey_ASN1(int type, SslContextHandle context, byte* der, CLong length);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_CTX_check_private_key(SslContextHandle context);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint SSL_new(SslContextHandle context);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_free(nint ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_set_bio(SslHandle ssl, nint readBio, nint writeBio);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_set_ex_data(SslHandle ssl, int index, void* data);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void* SSL_get_ex_data(nint ssl, int index);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_get_ex_data_X509_STORE_CTX_idx();

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void DTLS_set_timer_cb(SslHandle ssl, delegate* unmanaged<nint, uint, uint> callback);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial CLong SSL_ctrl(SslHandle ssl, int command, CLong argument, byte* pointer);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_set_connect_state(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial void SSL_set_accept_state(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_do_handshake(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_read(SslHandle ssl, byte* buffer, int length);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_write(SslHandle ssl, byte* buffer, int length);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_pending(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_free_buffers(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_alloc_buffers(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_shutdown(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial int SSL_get_error(SslHandle ssl, int result);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial nint SSL_get_current_cipher(SslHandle ssl);

    [LibraryImport(OpenSslLibrary.Ssl)]
    internal static partial byte* SSL_CIPHER_get_name(nint cipher);
}
