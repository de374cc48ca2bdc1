using System.Diagnostics;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases;

/// <summary>What a connected, idle connection holds: growth of the process by both ends of many, divided by ends.</summary>
internal sealed class MemoryCase(int connections) : IBenchmarkCase
{
    private const int AtOnce = 50;
    private const int WarmUp = 20;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public string Name => "memory";

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation)
    {
        var loops = new LoopPair();
        await using (loops.ConfigureAwait(false))
        {
            // Code, pools and the arenas of the allocator that every process has once.
            var kept = new List<object>(connections + WarmUp);
            kept.AddRange(await ConnectAsync(loops, 0, WarmUp).ConfigureAwait(false));
            var (residentBefore, managedBefore) = await MeasureAsync(cancellation).ConfigureAwait(false);
            for (var i = 0; i < connections; i += AtOnce)
            {
                cancellation.ThrowIfCancellationRequested();
                kept.AddRange(await ConnectAsync(loops, WarmUp + i, Math.Min(AtOnce, connections - i)).ConfigureAwait(false));
            }

            var (resident, managed) = await MeasureAsync(cancellation).ConfigureAwait(false);
            var (cpuBefore, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
            var turnsBefore = loops.Server.Statistics;
            await PassAsync(Idle, cancellation).ConfigureAwait(false);
            var turns = loops.Server.Statistics;
            Console.Error.WriteLine($"  idle server: {turns.Turns - turnsBefore.Turns:N0} turns, {turns.DatagramsReceived - turnsBefore.DatagramsReceived:N0} datagrams received, {turns.DatagramsSent - turnsBefore.DatagramsSent:N0} sent in {Idle.TotalSeconds:0} s");
            var cpu = (Environment.CpuUsage.TotalTime - cpuBefore) / Stopwatch.GetElapsedTime(start);
            GC.KeepAlive(kept);
            var ends = 2.0 * connections * 1024;
            return
            [
                new($"{Name} of an idle end, resident ({connections} connections)", (resident - residentBefore) / ends, "KiB"),
                new($"{Name} of an idle end, managed", (managed - managedBefore) / ends, "KiB"),
                new($"idle CPU of {2 * connections} ends", cpu * 100, "% of a core"),
            ];
        }
    }

    private static async Task<IEnumerable<object>> ConnectAsync(LoopPair loops, int first, int count) =>
        (await Task.WhenAll(Enumerable.Range(first, count).Select(loops.ConnectAsync)).ConfigureAwait(false)).Cast<object>();

    private static async Task<(long Resident, long Managed)> MeasureAsync(CancellationToken cancellation)
    {
        await PassAsync(Settle, cancellation).ConfigureAwait(false);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return (Environment.WorkingSet, GC.GetTotalMemory(forceFullCollection: false));
    }

    /// <summary>Idleness itself is measured, so time has to pass.</summary>
    private static async Task PassAsync(TimeSpan time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
    }
}
