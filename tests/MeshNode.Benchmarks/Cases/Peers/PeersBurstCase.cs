using System.Diagnostics;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>Many set-ups at once between two processes, until the last channel is open at both ends.</summary>
internal sealed class PeersBurstCase(string name, int count) : PeersCase(name)
{
    private readonly PeersMetric _rate = new(
        $"{count} set up at once",
        "1/s",
        ">= 700/s or >= 1.5 x libdatachannel's best",
        (ours, rival) => ours >= 700 ? true : rival is null ? null : ours >= 1.5 * rival.Highest);

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(PeerPair pair, CancellationToken cancellation)
    {
        await ConnectAsync(pair, cancellation).ConfigureAwait(false);
        var elapsed = await ConnectAsync(pair, cancellation).ConfigureAwait(false);
        return [(_rate, count / elapsed.TotalSeconds)];
    }

    private async Task<TimeSpan> ConnectAsync(PeerPair pair, CancellationToken cancellation)
    {
        var ids = Enumerable.Range(0, count).Select(_ => pair.NextId()).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(ids.Select(id => pair.ConnectAsync(id, cancellation))).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(start);
        await Task.WhenAll(ids.Select(id => pair.CloseAsync(id, cancellation))).ConfigureAwait(false);
        return elapsed;
    }
}
