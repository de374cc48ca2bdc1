using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Links;

namespace MeshNode.Benchmarks.Cases.Links;

/// <summary>Work of a stack over an emulated link, with processes of its own.</summary>
internal abstract class LinkCase(string name, LinkSettings settings)
{
    /// <summary>Bytes of the messages that fill the link: what a mesh's `file` channel sends.</summary>
    protected const int MessageSize = 16 * 1024;

    /// <summary>For <c>--cases</c>.</summary>
    public string Name => name;

    public LinkSettings Settings => settings;

    /// <summary>Whether ours may use I-DATA.</summary>
    public virtual bool Interleaving => true;

    public abstract Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(LinkedPair link, CancellationToken cancellation);

    /// <summary>Time has to pass while the peers work.</summary>
    protected static async Task PassAsync(TimeSpan time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>A figure that shall be so much or more.</summary>
    protected static PeersMetric Above(string name, string unit, double limit) => new(name, unit, $">= {limit:0.##} {unit}", (ours, _) => ours >= limit);

    /// <summary>Milliseconds: the shortest wait of each second, of samples within a time.</summary>
    protected static List<double> StandingQueue(LinkDirection direction, long from, long until)
    {
        var seconds = new SortedDictionary<long, double>();
        foreach (var sample in direction.Samples.ToArray())
        {
            if (sample.At >= from && sample.At < until)
            {
                var second = (sample.At - from) / 1_000_000_000;
                var wait = sample.Wait / 1e6;
                seconds[second] = seconds.TryGetValue(second, out var least) ? Math.Min(least, wait) : wait;
            }
        }

        return [.. seconds.Values];
    }
}
