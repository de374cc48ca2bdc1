namespace MeshNode.Rtc.Sockets.Tests.Support;

internal static class Limits
{
    /// <summary>How long anything may take on a machine that many builds share.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);
}
