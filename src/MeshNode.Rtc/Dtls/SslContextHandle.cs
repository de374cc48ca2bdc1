using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>Owns one reference to an SSL_CTX; every SSL made from it holds a reference of its own.</summary>
internal sealed class SslContextHandle : SafeHandle
{
    public SslContextHandle(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
