using System.Diagnostics;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases;

/// <summary>One message there and one back, one at a time: mostly the wake-ups of two threads.</summary>
internal sealed class PingPongCase(int size, int warmUp, int count) : IBenchmarkCase
{
    public string Name => $"ping-pong {size} B";

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation)
    {
        var loops = new LoopPair();
        await using (loops.ConfigureAwait(false))
        {
            var (near, far) = await loops.ConnectAsync(0).ConfigureAwait(false);
            var samples = new double[count];
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var message = new byte[size];
            var number = -warmUp;
            long sentAt = 0;
            far.Message = data => far.TrySend(data.Span);
            near.Message = _ =>
            {
                if (number >= 0)
                {
                    samples[number] = Stopwatch.GetElapsedTime(sentAt).TotalMicroseconds;
                }

                if (++number == count)
                {
                    done.SetResult();
                    return;
                }

                sentAt = Stopwatch.GetTimestamp();
                near.TrySend(message);
            };
            near.Loop.Execute(() => near.TrySend(message));
            await done.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellation).ConfigureAwait(false);
            return [new($"{Name}, p50", Percentile.Of(samples, 0.50), "us"), new($"{Name}, p99", Percentile.Of(samples, 0.99), "us")];
        }
    }
}
