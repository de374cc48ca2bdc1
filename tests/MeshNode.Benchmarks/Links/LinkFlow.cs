using System.Net;
using System.Net.Sockets;

namespace MeshNode.Benchmarks.Links;

/// <summary>One connection's way through the emulator: a socket that stands for the answerer, one that stands for the offerer.</summary>
internal sealed class LinkFlow : IDisposable
{
    private const int BufferSize = 16 << 20;
    private const int SolSocket = 1;
    private const int SoRcvBufForce = 33;

    public LinkFlow()
    {
        TowardOfferer = Open();
        TowardAnswerer = Open();
    }

    /// <summary>The offerer sends here.</summary>
    public LinkSocket TowardOfferer { get; }

    /// <summary>The answerer sends here.</summary>
    public LinkSocket TowardAnswerer { get; }

    public void Dispose()
    {
        TowardOfferer.Socket.Dispose();
        TowardAnswerer.Socket.Dispose();
    }

    private static LinkSocket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.SendBufferSize = BufferSize;
        try
        {
            // Beyond the system's limit where that is allowed: the queue that counts is the emulated one.
            socket.SetRawSocketOption(SolSocket, SoRcvBufForce, BitConverter.GetBytes(BufferSize));
        }
        catch (SocketException)
        {
            socket.ReceiveBufferSize = BufferSize;
        }

        return new LinkSocket(socket);
    }
}
