using System.Diagnostics;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>What connected peers that say nothing cost: growth of both processes, divided by connections and by two.</summary>
internal sealed class PeersIdleCase(string name, int warmUp, int count) : PeersCase(name)
{
    private const int AtOnce = 10;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(8);

    private readonly PeersMetric _rss = PeersMetric.Below("idle connection, an end's RSS", "KiB", 64);
    private readonly PeersMetric _pss = new("idle connection, an end's PSS", "KiB");
    private readonly PeersMetric _threads = PeersMetric.Below("idle connection, an end's threads", "threads", 0);
    private readonly PeersMetric _descriptors = PeersMetric.Below("idle connection, an end's descriptors", "fds", 0);
    private readonly PeersMetric _cpu = new($"CPU of {count} idle connections, both ends", "% of a core");

    public override bool NeedsFreshProcesses => true;

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(PeerPair pair, CancellationToken cancellation)
    {
        // Code, pools and arenas that a process has once: connections that stay, and others that come and go.
        var gone = await ConnectAsync(pair, warmUp, cancellation).ConfigureAwait(false);
        await ConnectAsync(pair, warmUp / 5, cancellation).ConfigureAwait(false);
        await Task.WhenAll(gone.Select(id => pair.CloseAsync(id, cancellation))).ConfigureAwait(false);
        await PassAsync(Settle, cancellation).ConfigureAwait(false);
        var (nearBefore, farBefore) = (ProcessSample.Take(pair.Offerer.Id), ProcessSample.Take(pair.Answerer.Id));
        await ConnectAsync(pair, count, cancellation).ConfigureAwait(false);
        await PassAsync(Settle, cancellation).ConfigureAwait(false);
        var (near, far) = (ProcessSample.Take(pair.Offerer.Id), ProcessSample.Take(pair.Answerer.Id));
        var start = Stopwatch.GetTimestamp();
        await PassAsync(Idle, cancellation).ConfigureAwait(false);
        var cpu = ProcessSample.Take(pair.Offerer.Id).Cpu - near.Cpu + ProcessSample.Take(pair.Answerer.Id).Cpu - far.Cpu;
        var share = cpu / Stopwatch.GetElapsedTime(start) * 100;
        var ends = 2.0 * count;
        double Grown(Func<ProcessSample, double> of) => (of(near) - of(nearBefore) + of(far) - of(farBefore)) / ends;
        return
        [
            (_rss, Grown(sample => sample.RssKiB)),
            (_pss, Grown(sample => sample.PssKiB)),
            (_threads, Math.Round(Grown(sample => sample.Threads), 1)),
            (_descriptors, Math.Round(Grown(sample => sample.Descriptors), 1)),
            (_cpu, share),
        ];
    }

    private static async Task<IReadOnlyList<long>> ConnectAsync(PeerPair pair, int count, CancellationToken cancellation)
    {
        var ids = new List<long>(count);
        for (var i = 0; i < count; i += AtOnce)
        {
            var some = Enumerable.Range(0, Math.Min(AtOnce, count - i)).Select(_ => pair.NextId()).ToArray();
            await Task.WhenAll(some.Select(id => pair.ConnectAsync(id, cancellation))).ConfigureAwait(false);
            ids.AddRange(some);
        }

        return ids;
    }
}
