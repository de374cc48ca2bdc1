using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Links;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Links;

/// <summary>One connection that sends all it can: what arrives whole, and how long the link's queue makes others wait.</summary>
internal sealed class GoodputCase(
    string name, LinkSettings settings, string what, TimeSpan rampUp, TimeSpan duration, double? goodputGoal, double? queueGoal)
    : LinkCase(name, settings)
{
    private readonly PeersMetric _goodput = goodputGoal is { } goal ? Above(what, "Mbit/s", goal) : new(what, "Mbit/s");
    private readonly PeersMetric _start = new($"{what}, from the first byte on", "Mbit/s");
    private readonly PeersMetric _standing = queueGoal is { } limit
        ? PeersMetric.Below($"{what}, standing queue, worst second", "ms", limit) : new($"{what}, standing queue, worst second", "ms");
    private readonly PeersMetric _median = new($"{what}, standing queue, median", "ms");
    private readonly PeersMetric _lost = new($"{what}, datagrams lost in the queue", "%");

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(LinkedPair link, CancellationToken cancellation)
    {
        var pair = link.Pair;
        var id = pair.NextId();
        await pair.ConnectAsync(id, cancellation).ConfigureAwait(false);
        await PeerPair.StreamAsync(pair.Offerer, pair.Answerer, id, MessageSize, cancellation).ConfigureAwait(false);
        await PassAsync(rampUp, cancellation).ConfigureAwait(false);
        var from = LinkEmulator.Now;
        var before = await PeerPair.SampleAsync(pair.Answerer, id, "sink", cancellation).ConfigureAwait(false);
        await PassAsync(duration, cancellation).ConfigureAwait(false);
        var after = await PeerPair.SampleAsync(pair.Answerer, id, "sink", cancellation).ConfigureAwait(false);
        var queue = StandingQueue(link.Emulator.Forward, from, LinkEmulator.Now);
        var forward = link.Emulator.Forward;
        return
        [
            (_goodput, (after.Bytes - before.Bytes) * 8 / (after.At - before.At)),
            (_start, after.Bytes * 8 / 1e6 / after.Seconds),
            (_standing, queue.Count > 0 ? queue.Max() : 0),
            (_median, queue.Count > 0 ? Percentile.Of(queue, 0.5) : 0),
            (_lost, 100.0 * forward.DroppedByQueue / forward.Offered),
        ];
    }
}
