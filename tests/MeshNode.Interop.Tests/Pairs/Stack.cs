namespace MeshNode.Interop.Tests.Pairs;

/// <summary>The WebRTC stacks that meet, by the names that tests and the matrix show.</summary>
public static class Stack
{
    public const string MeshNode = "meshnode";
    public const string MeshNodeIPv6 = "meshnode on ::1";
    public const string Chromium = "chromium";
    public const string LibDataChannel = "libdatachannel";
    public const string LibWebRtc = "libwebrtc";
    public const string Aiortc = "aiortc";
}
