using System.Net;

namespace MeshNode.Rtc.Sockets.Tests.Support;

internal static class PortKinds
{
    public static RtcEventLoopOptions Options(this PortKind kind, params IPEndPoint[] bind) => new()
    {
        Bind = bind,
        Portable = kind == PortKind.Portable,
        SegmentationOffload = kind is PortKind.Offload or PortKind.NoCoalescing,
        ReceiveOffload = kind is PortKind.Offload or PortKind.NoSegmentation,
    };
}
