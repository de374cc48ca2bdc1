using System.Net;
using System.Net.Sockets;

namespace MeshNode.Benchmarks.Links;

/// <summary>A socket of a flow and whom it speaks to.</summary>
internal sealed class LinkSocket(Socket socket)
{
    private volatile byte[]? _peer;

    public Socket Socket => socket;

    public int Handle { get; } = (int)socket.SafeHandle.DangerousGetHandle();

    public IPEndPoint Address { get; } = (IPEndPoint)socket.LocalEndPoint!;

    /// <summary>Bytes that came out here.</summary>
    public long Delivered { get; set; }

    /// <summary>sockaddr_in of the peer: what its candidate said, then where its datagrams come from. Null: nobody yet.</summary>
    public byte[]? Peer
    {
        get => _peer;
        set => _peer = value;
    }

    public void SetPeer(IPEndPoint address) => Peer ??= address.Serialize().Buffer.ToArray();
}
