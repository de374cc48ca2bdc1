using System.Net;
using System.Net.WebSockets;
using System.Text;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Http;

public sealed class MeshEntranceTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(null)]
    [InlineData("own")]
    [InlineData("https://chat.example.org")]
    public async Task An_allowed_client_is_handed_to_the_mesh(string? origin)
    {
        using var directory = new TempDirectory();
        var config = directory.Write("node.conf", "meshnode.http.origins = [\"https://chat.example.org\"]");
        await using var node = await RunningNode.StartAsync("--config", config);
        using var socket = await ConnectAsync(node, origin == "own" ? $"http://{node.Http}" : origin);
        var remote = await node.Mesh.Accepted.Task.WaitAsync(Patience);
        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)remote).Address);

        using var limit = new CancellationTokenSource(Patience);
        await socket.SendAsync(Encoding.UTF8.GetBytes("echo").AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, limit.Token);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer.AsMemory(), limit.Token);
        Assert.Equal("echo", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Theory]
    [InlineData("/mesh", "http://attacker.example")]
    [InlineData("/mesh/", "http://attacker.example")] // routing takes these spellings for /mesh: so must the guard
    [InlineData("/MESH", "http://attacker.example")]
    [InlineData("/mesh", "null")]
    public async Task A_cross_site_websocket_is_refused(string path, string origin)
    {
        await using var node = await RunningNode.StartAsync();
        var exception = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(node, origin, path: path));
        Assert.Contains("403", exception.Message, StringComparison.Ordinal);
        Assert.False(node.Mesh.Accepted.Task.IsCompleted);
    }

    [Fact]
    public async Task A_websocket_under_a_rebound_name_is_refused()
    {
        await using var node = await RunningNode.StartAsync();
        var host = $"attacker.example:{node.Http.Split(':')[1]}";
        var exception = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(node, $"http://{host}", host));
        Assert.Contains("421", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_socket_more_than_allowed_is_told_to_come_later()
    {
        using var directory = new TempDirectory();
        await using var node = await RunningNode.StartAsync("--config", directory.Write("node.conf", "meshnode.http.mesh-sockets = 1"));
        using var first = await ConnectAsync(node, origin: null);
        await node.Mesh.Accepted.Task.WaitAsync(Patience);
        var exception = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(node, origin: null));
        Assert.Contains("503", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_the_open_sockets()
    {
        await using var node = await RunningNode.StartAsync();
        using var socket = await ConnectAsync(node, origin: null);
        await node.Mesh.Accepted.Task.WaitAsync(Patience);
        Assert.Equal(0, await node.StopAsync());
        using var limit = new CancellationTokenSource(Patience);
        await Assert.ThrowsAnyAsync<WebSocketException>(async () => await socket.ReceiveAsync(new byte[16].AsMemory(), limit.Token));
    }

    private static async Task<ClientWebSocket> ConnectAsync(RunningNode node, string? origin, string? host = null, string path = "/mesh")
    {
        var socket = new ClientWebSocket();
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (host is not null)
        {
            socket.Options.SetRequestHeader("Host", host);
        }

        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new Uri($"ws://{node.Http}{path}"), limit.Token);
        return socket;
    }
}
