using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>One message there and back at a time.</summary>
internal sealed class PeersPingCase(string name, int size, int warmUp, int count) : PeersCase(name)
{
    private readonly PeersMetric _p50 = PeersMetric.AtMost($"ping-pong {size} B, p50", "us", 0.5);
    private readonly PeersMetric _p99 = PeersMetric.AtMost($"ping-pong {size} B, p99", "us", 0.5);

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(PeerPair pair, CancellationToken cancellation)
    {
        var id = pair.NextId();
        await pair.ConnectAsync(id, cancellation).ConfigureAwait(false);
        await pair.PingAsync(id, warmUp, size, cancellation).ConfigureAwait(false);
        var result = await pair.PingAsync(id, count, size, cancellation).ConfigureAwait(false);
        await pair.CloseAsync(id, cancellation).ConfigureAwait(false);
        return [(_p50, result.P50), (_p99, result.P99)];
    }
}
