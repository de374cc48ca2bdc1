using MeshNode.Rtc.Sockets.Udp.Linux;
using MeshNode.Rtc.Sockets.Udp.Portable;

namespace MeshNode.Rtc.Sockets.Udp;

/// <summary>Opens the best port that the system has.</summary>
internal static class UdpPort
{
    /// <exception cref="UdpBindException">An address cannot be bound.</exception>
    public static IUdpPort Open(RtcEventLoopOptions options) =>
        OperatingSystem.IsLinux() && !options.Portable ? LinuxUdpPort.Open(options) : PortableUdpPort.Open(options);
}
