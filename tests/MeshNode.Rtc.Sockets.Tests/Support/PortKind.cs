namespace MeshNode.Rtc.Sockets.Tests.Support;

/// <summary>The ways of moving datagrams that this machine has.</summary>
public enum PortKind
{
    Offload,
    NoSegmentation,
    NoCoalescing,
    NoOffload,
    Portable,
}
