using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}
