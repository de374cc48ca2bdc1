using System.Diagnostics;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>Fresh connections between running processes, one after the other: from making the offer to the channel's opening at the far side.</summary>
internal sealed class PeersSetupCase(string name, int warmUp, int count) : PeersCase(name)
{
    /// <summary>What takes a second each is not asked for all.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan WarmUpLimit = TimeSpan.FromSeconds(3);

    /// <summary>For compilers that work in the background.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly PeersMetric _median = PeersMetric.AtMost("set-up, median", "ms", 1);
    private readonly PeersMetric _p90 = new("set-up, p90", "ms");
    private readonly PeersMetric _p99 = PeersMetric.Below("set-up, p99", "ms", 20);
    private readonly PeersMetric _worst = new($"set-up, worst of {count}", "ms");

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(PeerPair pair, CancellationToken cancellation)
    {
        await MeasureAsync(pair, warmUp, WarmUpLimit, cancellation).ConfigureAwait(false);
        await PassAsync(Pause, cancellation).ConfigureAwait(false);
        var samples = await MeasureAsync(pair, count, Limit, cancellation).ConfigureAwait(false);
        return
        [
            (_median, Percentile.Of(samples, 0.5)),
            (_p90, Percentile.Of(samples, 0.9)),
            (_p99, Percentile.Of(samples, 0.99)),
            (_worst, samples.Max()),
        ];
    }

    private static async Task<List<double>> MeasureAsync(PeerPair pair, int count, TimeSpan limit, CancellationToken cancellation)
    {
        var samples = new List<double>(count);
        var start = Stopwatch.GetTimestamp();
        while (samples.Count < count && (samples.Count == 0 || Stopwatch.GetElapsedTime(start) < limit))
        {
            var id = pair.NextId();
            samples.Add(await pair.ConnectAsync(id, cancellation).ConfigureAwait(false));
            await pair.CloseAsync(id, cancellation).ConfigureAwait(false);
        }

        return samples;
    }
}
