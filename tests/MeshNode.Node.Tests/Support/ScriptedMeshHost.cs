using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using MeshNode.Mesh;
using MeshNode.Mesh.Identity;

namespace MeshNode.Node.Tests.Support;

/// <summary>A mesh that says what a test wrote down, so that the HTTP server and the command line are tested apart from it.</summary>
internal sealed class ScriptedMeshHost : IMeshHost
{
    private readonly Socket _udp;
    private readonly MeshHostOptions _options;

    private ScriptedMeshHost(MeshHostOptions options, string id)
    {
        _options = options;
        Id = id;
        _udp = new Socket(options.Udp[0].AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _udp.Bind(options.Udp[0]);
    }

    public string Id { get; }

    public MeshHostOptions Options => _options;

    public IReadOnlyList<IPEndPoint> UdpEndPoints => [(IPEndPoint)_udp.LocalEndPoint!];

    public List<MeshPeer> Peers { get; } = [];

    public List<(string To, string Text, TimeSpan Timeout)> Sent { get; } = [];

    public MeshSendResult SendResult { get; set; } = new(true, null, "direct", TimeSpan.FromMilliseconds(12));

    public Exception? Failure { get; set; }

    /// <summary>When set, disposal (the graceful shutdown) waits for it.</summary>
    public TaskCompletionSource? Disposal { get; set; }

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<EndPoint> Accepted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static ScriptedMeshHost Start(MeshHostOptions options, NodeIdentity identity) => new(options, identity.Id.ToString());

    public Task<MeshStatus> GetStatusAsync(CancellationToken cancellationToken = default) => Failure is { } failure
        ? Task.FromException<MeshStatus>(failure)
        : Task.FromResult(new MeshStatus(Id, _options.Name, [.. UdpEndPoints.Select(udp => udp.ToString())], Peers.Count, new MeshSignaling(0, 0, 0, new Dictionary<string, long>())));

    public Task<IReadOnlyList<MeshPeer>> GetPeersAsync(CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<MeshPeer>>(Peers);

    public Task<MeshTopology> GetTopologyAsync(CancellationToken cancellationToken = default) => Task.FromResult(new MeshTopology(
        [new(Id, _options.Name, "node"), .. Peers.Select(peer => new MeshTopologyNode(peer.Id, peer.Name, "node"))],
        [.. Peers.Select(peer => new MeshTopologyLink(Id, peer.Id, peer.RttMs))]));

    public Task<MeshSendResult> SendAsync(string to, string text, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        Sent.Add((to, text, timeout));
        return Task.FromResult(SendResult);
    }

    /// <summary>Echoes one message and then waits for the end.</summary>
    public async Task AcceptWebSocketAsync(WebSocket socket, EndPoint remote, CancellationToken cancellationToken)
    {
        Accepted.TrySetResult(remote);
        var buffer = new byte[1024];
        while (socket.State == WebSocketState.Open)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Disposal is { } disposal)
        {
            await disposal.Task;
        }

        _udp.Dispose();
        Disposed.TrySetResult();
    }
}
