using System.Net;
using System.Net.Sockets;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>A TCP proxy on loopback that can be cut: everything through it breaks, and nothing new is let in.</summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _cut = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private int _count;

    public CutProxy()
    {
        _listener.Start();
        Address = _listener.LocalEndpoint.ToString()!;
        _accepting = AcceptAsync();
    }

    /// <summary>ADDR:PORT of the proxy.</summary>
    public string Address { get; }

    /// <summary>Where it leads; set before anyone comes.</summary>
    public IPEndPoint? Target { get; set; }

    /// <summary>Connections that were let through, ever.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Ends when the last connection is closed.</summary>
    public async Task CutAsync()
    {
        await _cut.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
    }

    public void Dispose()
    {
        _cut.Cancel();
        _listener.Dispose();
        _cut.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_cut.Token);
                Interlocked.Increment(ref _count);
                _connections.Add(PassAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut: nobody else comes in.
        }
    }

    private async Task PassAsync(Socket client)
    {
        using var near = client;
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await far.ConnectAsync(Target!, _cut.Token);
            await using var nearStream = new NetworkStream(near);
            await using var farStream = new NetworkStream(far);
            await Task.WhenAny(nearStream.CopyToAsync(farStream, _cut.Token), farStream.CopyToAsync(nearStream, _cut.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or IOException)
        {
            // Either side is gone, or the proxy was cut.
        }
    }
}
