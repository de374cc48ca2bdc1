namespace MeshNode.Rtc.Sockets.Udp;

/// <summary>Takes what a port receives.</summary>
internal interface IDatagramReceiver
{
    /// <param name="path">From the receiver's point of view: Local is the address that the datagram was sent to.</param>
    /// <param name="datagram">Valid during the call.</param>
    void HandleDatagram(in TransportPath path, ReadOnlySpan<byte> datagram);
}
