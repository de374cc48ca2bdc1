using System.Runtime.InteropServices;

namespace MeshNode.Rtc.Sockets.Udp.Linux;

/// <summary><c>struct timespec</c>, with the <c>time_t</c> of the library's default: a machine word.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpecification
{
    public nint Seconds;
    public nint Nanoseconds;

    public static TimeSpecification From(TimeSpan duration) => new()
    {
        Seconds = (nint)Math.Min(duration.Ticks / TimeSpan.TicksPerSecond, 1_000_000),
        Nanoseconds = (nint)(duration.Ticks % TimeSpan.TicksPerSecond * 100),
    };
}
