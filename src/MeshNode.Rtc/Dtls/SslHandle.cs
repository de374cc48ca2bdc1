using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Dtls;

/// <summary>
/// Owns one SSL, the BIO that is both its ends, and the native state that the BIO's callbacks work on.
/// The state is native memory, so that callbacks touch no managed object and cannot throw.
/// </summary>
internal sealed unsafe class SslHandle : SafeHandle
{
    public SslHandle(nint ssl)
        : base(0, ownsHandle: true)
    {
        State = (DatagramBioState*)NativeMemory.AllocZeroed((nuint)sizeof(DatagramBioState));
        SetHandle(ssl);
    }

    /// <summary>Valid until this handle is released.</summary>
    public DatagramBioState* State { get; private set; }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_free(handle); // frees the BIO as well
        DatagramBio.FreeQueue(State);
        NativeMemory.Free(State);
        State = null;
        return true;
    }
}
