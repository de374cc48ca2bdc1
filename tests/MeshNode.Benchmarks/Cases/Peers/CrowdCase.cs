using System.Diagnostics;
using MeshNode.Benchmarks.Reporting;
using MeshNode.Benchmarks.Stacks;

namespace MeshNode.Benchmarks.Cases.Peers;

/// <summary>Thousands of connections between two processes of ours, set up at a bounded rate, that then say nothing.</summary>
internal sealed class CrowdCase(int peers, TimeSpan idle)
{
    private const int AtOnce = 32;
    private const int WarmUp = 50;
    private const double MaxResidentMiB = 1024; // for 10,000 peers
    private const double MaxCpu = 10; // % of a core, for 10,000 peers
    private const double MaxPeerKiB = 64;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation)
    {
        var pair = new PeerPair(PeerStack.All[0]);
        await using (pair.ConfigureAwait(false))
        {
            // Code and pools that a process has once.
            foreach (var id in (await ConnectAsync(pair, WarmUp, cancellation).ConfigureAwait(false)).Ids)
            {
                await pair.CloseAsync(id, cancellation).ConfigureAwait(false);
            }

            await PassAsync(Settle, cancellation).ConfigureAwait(false);
            PeerProcess[] ends = [pair.Offerer, pair.Answerer];
            var before = ends.Select(end => ProcessSample.Take(end.Id)).ToArray();
            var start = Stopwatch.GetTimestamp();
            var (ids, failed) = await ConnectAsync(pair, peers, cancellation).ConfigureAwait(false);
            var rate = ids.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
            await Console.Error.WriteLineAsync($"{ids.Count:N0} connected, {rate:N0}/s; idle for {idle.TotalSeconds:0} s").ConfigureAwait(false);
            await PassAsync(Settle, cancellation).ConfigureAwait(false);
            var connected = ends.Select(end => ProcessSample.Take(end.Id)).ToArray();
            start = Stopwatch.GetTimestamp();
            await PassAsync(idle, cancellation).ConfigureAwait(false);
            var after = ends.Select(end => ProcessSample.Take(end.Id)).ToArray();
            var elapsed = Stopwatch.GetElapsedTime(start);
            await Console.Error.WriteLineAsync("asking each whether it still answers").ConfigureAwait(false);
            var alive = await PingAsync(pair, ids, cancellation).ConfigureAwait(false);
            var rows = new List<ResultRow>
            {
                new("connected", ids.Count, "peers", Goal: $"all {peers:N0}", Holds: failed == 0),
                new("set-up, at most 32 at once", rate, "1/s"),
                new("answered after the idle time", alive, "peers", Goal: "all", Holds: alive == peers),
            };
            foreach (var (name, index) in new[] { ("offerer", 0), ("answerer", 1) })
            {
                rows.AddRange(Rows(name, before[index], connected[index], after[index], ids.Count, elapsed));
            }

            return rows;
        }
    }

    private static IEnumerable<ResultRow> Rows(
        string name, ProcessSample before, ProcessSample connected, ProcessSample after, int count, TimeSpan elapsed)
    {
        var resident = after.RssKiB / 1024;
        var each = (after.RssKiB - before.RssKiB) / count;
        var cpu = (after.Cpu - connected.Cpu) / elapsed * 100;
        var isWhole = count >= 10_000;
        return
        [
            new($"{name}, resident", resident, "MiB", Goal: isWhole ? "< 1,024 MiB" : null, Holds: resident < MaxResidentMiB),
            new($"{name}, proportional", after.PssKiB / 1024, "MiB"),
            new($"{name}, resident for each peer", each, "KiB", Goal: "<= 64 KiB", Holds: each <= MaxPeerKiB),
            new($"{name}, processor time while idle", cpu, "% of a core", Goal: isWhole ? "< 10 %" : null, Holds: cpu < MaxCpu),
            new($"{name}, descriptors", after.Descriptors, $"(without peers {before.Descriptors})", Goal: "none for a peer", Holds: after.Descriptors - before.Descriptors < 10),
            new($"{name}, threads", after.Threads, $"(without peers {before.Threads})", Goal: "none for a peer", Holds: after.Threads - before.Threads < 10),
        ];
    }

    private static async Task<(List<long> Ids, int Failed)> ConnectAsync(PeerPair pair, int count, CancellationToken cancellation)
    {
        var ids = new List<long>(count);
        var failed = 0;
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (_, token) =>
            {
                var id = pair.NextId();
                try
                {
                    await pair.ConnectAsync(id, token).ConfigureAwait(false);
                }
                catch (PeerException exception)
                {
                    if (Interlocked.Increment(ref failed) <= 5)
                    {
                        await Console.Error.WriteLineAsync(exception.Message).ConfigureAwait(false);
                    }

                    return;
                }

                lock (ids)
                {
                    ids.Add(id);
                    if (ids.Count % 1000 == 0)
                    {
                        Console.Error.WriteLine($"{ids.Count:N0} connected");
                    }
                }
            }).ConfigureAwait(false);
        return (ids, failed);
    }

    private static async Task<int> PingAsync(PeerPair pair, List<long> ids, CancellationToken cancellation)
    {
        var alive = 0;
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (id, token) =>
            {
                try
                {
                    await pair.PingAsync(id, count: 1, size: 16, token).ConfigureAwait(false);
                    Interlocked.Increment(ref alive);
                }
                catch (PeerException)
                {
                    // Counted by not being counted.
                }
            }).ConfigureAwait(false);
        return alive;
    }

    /// <summary>Idleness itself is measured, so time has to pass.</summary>
    private static async Task PassAsync(TimeSpan time, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false);
    }
}
