using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Links;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Links;

/// <summary>Two connections over one link; the second begins when the first fills it.</summary>
internal sealed class ShareCase(string name, LinkSettings settings, TimeSpan settle, TimeSpan duration) : LinkCase(name, settings)
{
    private readonly PeersMetric _larger = PeersMetric.Below("two flows, the larger one's share", "%", 60);
    private readonly PeersMetric _together = new("two flows, together", "Mbit/s");

    public override async Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(LinkedPair link, CancellationToken cancellation)
    {
        var pair = link.Pair;
        var ids = new[] { pair.NextId(), pair.NextId() };
        foreach (var id in ids)
        {
            await pair.ConnectAsync(id, cancellation).ConfigureAwait(false);
        }

        foreach (var id in ids)
        {
            await PeerPair.StreamAsync(pair.Offerer, pair.Answerer, id, MessageSize, cancellation).ConfigureAwait(false);
            await PassAsync(settle, cancellation).ConfigureAwait(false);
        }

        var before = await SampleAsync(pair, ids, cancellation).ConfigureAwait(false);
        await PassAsync(duration, cancellation).ConfigureAwait(false);
        var after = await SampleAsync(pair, ids, cancellation).ConfigureAwait(false);
        var rates = ids.Select((_, index) => (after[index].Bytes - before[index].Bytes) * 8 / (after[index].At - before[index].At)).ToArray();
        return [(_larger, 100 * rates.Max() / rates.Sum()), (_together, rates.Sum())];
    }

    private static async Task<PeerLine[]> SampleAsync(PeerPair pair, long[] ids, CancellationToken cancellation)
    {
        var lines = new List<PeerLine>();
        foreach (var id in ids)
        {
            lines.Add(await PeerPair.SampleAsync(pair.Answerer, id, "sink", cancellation).ConfigureAwait(false));
        }

        return [.. lines];
    }
}
