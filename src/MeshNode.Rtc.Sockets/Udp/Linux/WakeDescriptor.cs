using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary>An eventfd: any thread signals it, one waits for it. Signals that nobody has seen yet are one.</summary>
internal sealed unsafe class WakeDescriptor : SafeHandle
{
    public WakeDescriptor()
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
        var descriptor = LibC.eventfd(0, LibC.EFD_CLOEXEC | LibC.EFD_NONBLOCK);
        if (descriptor < 0)
        {
            throw new IOException("cannot open an eventfd: " + LibC.Describe(Marshal.GetLastPInvokeError()));
        }

        SetHandle(descriptor);
    }

    public override bool IsInvalid => handle == -1;

    /// <summary>For ppoll on the owner's thread only.</summary>
    public int Descriptor => (int)handle;

    /// <summary>From any thread. The reference keeps the number from being given to somebody else's file during the call.</summary>
    public void Signal()
    {
        var referenced = false;
        try
        {
            DangerousAddRef(ref referenced);
            ulong one = 1;
            _ = LibC.write((int)handle, &one, sizeof(ulong)); // fails only when the counter is full, and then it is signalled
        }
        catch (ObjectDisposedException)
        {
            // The owner ended between the caller's decision and now: nobody waits any more.
        }
        finally
        {
            if (referenced)
            {
                DangerousRelease();
            }
        }
    }

    /// <summary>Takes all signals.</summary>
    public void Reset()
    {
        ulong count;
        _ = LibC.read((int)handle, &count, sizeof(ulong));
    }

    protected override bool ReleaseHandle() => LibC.close((int)handle) == 0;
}
