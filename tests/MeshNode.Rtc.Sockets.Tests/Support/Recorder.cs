using MeshNode.Rtc.Sockets.Udp;

namespace MeshNode.Rtc.Sockets.Tests.Support;

/// <summary>Keeps what a port receives.</summary>
internal sealed class Recorder : IDatagramReceiver
{
    public List<(TransportPath Path, byte[] Data)> Datagrams { get; } = [];

    public void HandleDatagram(in TransportPath path, ReadOnlySpan<byte> datagram) => Datagrams.Add((path, datagram.ToArray()));

    /// <summary>Receives until so many are here, or fails.</summary>
    public void ReceiveUntil(IUdpPort port, int count)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (Datagrams.Count < count)
        {
            if (port.Receive(this) == 0)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(limit) < Limits.Wait, $"{Datagrams.Count} of {count} datagrams came; {port.Statistics}");
                port.Wait(TimeSpan.FromSeconds(1));
            }
        }
    }
}
