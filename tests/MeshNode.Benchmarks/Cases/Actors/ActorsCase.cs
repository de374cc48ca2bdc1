using System.Diagnostics;
using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>Something to measure of the actor kernel, in a system of its own, several times over.</summary>
/// <param name="name">What <c>--only</c> selects by.</param>
/// <param name="warmUps">Rounds that are run and not counted, until the runtime has compiled what is hot.</param>
/// <param name="rounds">At most; null for as many as the command says.</param>
internal abstract class ActorsCase(string name, int warmUps, int? rounds = null)
{
    protected static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public string Name { get; } = name;

    public int WarmUps { get; } = warmUps;

    public int? Rounds { get; } = rounds;

    /// <summary>One round.</summary>
    public async Task<IReadOnlyList<(Metric Metric, double Value)>> RunAsync(CancellationToken cancellation)
    {
        await Task.Yield(); // off the stack of the round before, whose system must be garbage by now
        Collect();
        var system = ActorSystem.Create("benchmark");
        await using (system.ConfigureAwait(false))
        {
            return await MeasureAsync(system, cancellation).ConfigureAwait(false);
        }
    }

    protected abstract Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation);

    protected static async Task<double> SecondsAsync(Action start, Task end, CancellationToken cancellation)
    {
        var begin = Stopwatch.GetTimestamp();
        start();
        await end.WaitAsync(Limit, cancellation).ConfigureAwait(false);
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    protected static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What an earlier round left must not be collected in the next one's time.</summary>
    protected static void Collect()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }
}
