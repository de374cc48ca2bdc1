using System.Net;
using MeshNode.Rtc;
using MeshNode.Rtc.Ice;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Benchmarks.Cases;

/// <summary>Two loops on loopback: a server port, and clients of which each may have a source address of its own.</summary>
internal sealed class LoopPair : IAsyncDisposable
{
    public RtcEventLoop Server { get; } = RtcEventLoop.Start(new RtcEventLoopOptions { Bind = [new IPEndPoint(IPAddress.Loopback, 0)] });

    public RtcEventLoop Clients { get; } = RtcEventLoop.Start(new RtcEventLoopOptions { Bind = [new IPEndPoint(IPAddress.Any, 0)] });

    /// <param name="number">0 to 65,000; each gives an address of 127/8.</param>
    public async Task<(BenchmarkPeer Client, BenchmarkPeer Server)> CreateAsync(int number)
    {
        var address = new IPAddress([127, 1, (byte)(number / 250), (byte)((number % 250) + 1)]);
        var candidate = IceCandidate.Host(TransportAddress.From(address, Clients.Port));
        var server = RunAsync(Server, () => new BenchmarkPeer(Server));
        return (await RunAsync(Clients, () => new BenchmarkPeer(Clients, [candidate])).ConfigureAwait(false), await server.ConfigureAwait(false));
    }

    public async Task<(BenchmarkPeer Client, BenchmarkPeer Server)> ConnectAsync(int number)
    {
        var pair = await CreateAsync(number).ConfigureAwait(false);
        await BenchmarkPeer.ConnectAsync(pair.Client, pair.Server).ConfigureAwait(false);
        return pair;
    }

    public static Task<T> RunAsync<T>(RtcEventLoop loop, Func<T> work)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Execute(() =>
        {
            try
            {
                result.SetResult(work());
            }
            catch (Exception exception)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync().ConfigureAwait(false);
        await Clients.DisposeAsync().ConfigureAwait(false);
    }
}
