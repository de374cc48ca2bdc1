using System.Diagnostics;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases;

/// <summary>From making the offer until the channel is open at both ends: one after the other, then all at once.</summary>
internal sealed class SetupCase(int count) : IBenchmarkCase
{
    private const int WarmUp = 20;

    public string Name => "set-up";

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation)
    {
        var loops = new LoopPair();
        await using (loops.ConfigureAwait(false))
        {
            var samples = new List<double>(count);
            for (var i = 0; i < WarmUp + count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                var (client, server) = await loops.CreateAsync(i).ConfigureAwait(false);
                var start = Stopwatch.GetTimestamp();
                await BenchmarkPeer.ConnectAsync(client, server).ConfigureAwait(false);
                if (i >= WarmUp)
                {
                    samples.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                }

                client.Loop.Execute(client.Dispose);
                server.Loop.Execute(server.Dispose);
            }

            var startAll = Stopwatch.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(1000, count).Select(loops.ConnectAsync)).ConfigureAwait(false);
            var all = Stopwatch.GetElapsedTime(startAll);
            return
            [
                new($"{Name}, median", Percentile.Of(samples, 0.5), "ms"),
                new($"{Name}, worst of {count}", samples.Max(), "ms"),
                new($"{Name}, {count} at once", count / all.TotalSeconds, "1/s"),
            ];
        }
    }
}
