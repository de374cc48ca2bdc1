using System.Net.Sockets;
using System.Text;

namespace MeshNode.Persistence.Tests.PostgreSql;

/// <summary>Stands between a store and the server, and loses what the server answers to a COMMIT when it is told to.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mn-cut-");
    private readonly CancellationTokenSource _stop = new();
    private readonly string _server;
    private readonly Task _accepting;
    private volatile bool _isArmed;
    private volatile bool _refuses;

    /// <param name="server">The server's socket file.</param>
    public CuttingProxy(string server)
    {
        _server = server;
        _listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, ".s.PGSQL.5432")));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>For a connection string.</summary>
    public string Host => _folder.FullName;

    /// <summary>Connections that were cut.</summary>
    public int Cut { get; private set; }

    /// <summary>The next COMMIT goes through, its answer does not.</summary>
    /// <param name="refuseAfterwards">Later connections are closed at once.</param>
    public void Arm(bool refuseAfterwards = false) => (_isArmed, _refuses) = (true, refuseAfterwards);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _folder.Delete(recursive: true);
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            if (Cut > 0 && _refuses)
            {
                return;
            }

            using var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await server.ConnectAsync(new UnixDomainSocketEndPoint(_server));
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            var isCut = false;
            await Task.WhenAll(
                PumpAsync(client, server, bytes =>
                {
                    isCut = _isArmed && Encoding.ASCII.GetString(bytes.Span).Contains("COMMIT\0", StringComparison.Ordinal);
                    return true;
                }),
                PumpAsync(server, client, _ => !isCut));

            async Task PumpAsync(Socket from, Socket to, Func<ReadOnlyMemory<byte>, bool> pass)
            {
                var buffer = new byte[65_536];
                try
                {
                    while (await from.ReceiveAsync(buffer, cut.Token) is var read and > 0)
                    {
                        if (!pass(buffer.AsMemory(0, read)))
                        {
                            _isArmed = false;
                            Cut++;
                            break; // the server has answered: it has committed
                        }

                        await to.SendAsync(buffer.AsMemory(0, read), cut.Token);
                    }
                }
                catch (Exception exception) when (exception is SocketException or OperationCanceledException or ObjectDisposedException)
                {
                    // One side is gone; so is the other now.
                }

                await cut.CancelAsync();
            }
        }
    }
}
