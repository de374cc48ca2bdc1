using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>The functions of OpenSSL 3's libcrypto that the DTLS layer calls, under their own names.</summary>
internal static unsafe partial class LibCrypto
{
    public const int BioFlagsRead = 0x01;
    public const int BioFlagsReadWriteIoSpecial = 0x07;
    public const int BioFlagsShouldRetry = 0x08;

    public const int BioCtrlFlush = 11;
    public const int BioCtrlDgramSetNextTimeout = 45;
    public const int BioCtrlDgramGetMtuOverhead = 49;

    /// <summary>BIO_TYPE_SOURCE_SINK.</summary>
    public const int BioTypeSourceSink = 0x0400;

    /// <summary>X509_V_ERR_CERT_REJECTED, which OpenSSL answers with the alert bad_certificate.</summary>
    public const int X509CertRejected = 28;

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial CULong OpenSSL_version_num();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void ERR_clear_error();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial CULong ERR_peek_error();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial CULong ERR_get_error();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial byte* ERR_reason_error_string(CULong error);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_get_new_index();

    [LibraryImport(OpenSslLibrary.Crypto, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_meth_set_write(nint method, delegate* unmanaged<nint, byte*, int, int> write);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_meth_set_read(nint method, delegate* unmanaged<nint, byte*, int, int> read);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged<nint, int, CLong, void*, CLong> ctrl);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint BIO_new(nint method);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void* BIO_get_data(nint bio);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_sha256();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_sha384();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint EVP_sha512();

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial int X509_digest(nint certificate, nint digest, byte* output, uint* length);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint X509_STORE_CTX_get0_cert(nint storeContext);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial nint X509_STORE_CTX_get_ex_data(nint storeContext, int index);

    [LibraryImport(OpenSslLibrary.Crypto)]
    internal static partial void X509_STORE_CTX_set_error(nint storeContext, int error);
}
