using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>Reads the calling thread's OpenSSL error queue, which .NET's own cryptography shares.</summary>
internal static unsafe class OpenSslError
{
    /// <summary>
    /// Before a call whose failure SSL_get_error shall explain: empties the queue, if there is something in it. Emptying an
    /// empty one frees 48 null pointers, a tenth of what sealing a record costs.
    /// </summary>
    public static void Clear()
    {
        if (LibCrypto.ERR_peek_error().Value != 0)
        {
            LibCrypto.ERR_clear_error();
        }
    }

    /// <summary>The oldest error's reason, such as "sslv3 alert bad certificate"; empties the queue.</summary>
    public static string Take()
    {
        var error = LibCrypto.ERR_get_error();
        var reason = error.Value == 0 ? null : Marshal.PtrToStringUTF8((nint)LibCrypto.ERR_reason_error_string(error));
        LibCrypto.ERR_clear_error();
        return reason ?? (error.Value == 0 ? "unknown error" : $"error 0x{(ulong)error.Value:x}");
    }
}
