using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>Work that every stack does alike, over fresh connections.</summary>
internal abstract class PeersCase(string name)
{
    /// <summary>For <c>--cases</c>.</summary>
    public string Name => name;

    /// <summary>It wants processes that have done nothing else.</summary>
    public virtual bool NeedsFreshProcesses => false;

    public abstract Task<IReadOnlyList<(PeersMetric Metric, double Value)>> RunAsync(PeerPair pair, CancellationToken cancellation);

    /// <summary>Time has to pass while the peers work.</summary>
    protected static async Task PassAsync(TimeSpan time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
    }
}
