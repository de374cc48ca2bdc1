using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;

namespace MeshNode.Mesh.Tests;

/// <summary>The least HTTP server that lets WebSockets into a mesh host (RFC 6455 §4.2), so that the mesh is tested without the program.</summary>
internal sealed class WebSocketEntrance : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _links = [];
    private readonly Task _accepting;

    public WebSocketEntrance(IMeshHost host)
    {
        _listener.Start();
        Url = new Uri($"ws://{_listener.LocalEndpoint}/mesh");
        _accepting = AcceptAsync(host);
    }

    public Uri Url { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_links);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(IMeshHost host)
    {
        try
        {
            while (true)
            {
                _links.Add(LetInAsync(await _listener.AcceptTcpClientAsync(_stop.Token), host));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private async Task LetInAsync(TcpClient client, IMeshHost host)
    {
        using var owned = client;
        var stream = client.GetStream();
        var request = new StringBuilder();
        var buffer = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(buffer);
            request.Append((char)buffer[0]);
        }

        var key = request.ToString().Split("\r\n").Single(line => line.StartsWith("Sec-WebSocket-Key: ", StringComparison.OrdinalIgnoreCase)).Split(' ')[1];
#pragma warning disable CA5350 // the protocol's own hash; nothing is secured by it
        var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
        using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        await host.AcceptWebSocketAsync(socket, client.Client.RemoteEndPoint!, _stop.Token);
    }
}
