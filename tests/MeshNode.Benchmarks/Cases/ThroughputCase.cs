using System.Diagnostics;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases;

/// <summary>One direction, as fast as it goes: bytes of messages that arrive whole, and what both ends cost.</summary>
internal sealed class ThroughputCase(int messageSize, TimeSpan duration) : IBenchmarkCase
{
    /// <summary>Bytes that wait in the sender's channel, so that it is never idle.</summary>
    private const long HighWaterMark = 4 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public string Name => $"throughput {(messageSize >= 1024 ? $"{messageSize / 1024} KiB" : $"{messageSize} B")}";

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation)
    {
        var loops = new LoopPair();
        await using (loops.ConfigureAwait(false))
        {
            var (sender, receiver) = await loops.ConnectAsync(0).ConfigureAwait(false);
            var first = new TaskCompletionSource<Sample>(TaskCreationOptions.RunContinuationsAsynchronously);
            var last = new TaskCompletionSource<Sample>(TaskCreationOptions.RunContinuationsAsynchronously);
            var start = Stopwatch.GetTimestamp();
            long bytes = 0;
            receiver.Message = data =>
            {
                bytes += data.Length;
                var elapsed = Stopwatch.GetElapsedTime(start);
                if (elapsed >= WarmUp && !first.Task.IsCompleted)
                {
                    first.SetResult(Sample.Take(bytes));
                }
                else if (elapsed >= WarmUp + duration)
                {
                    last.TrySetResult(Sample.Take(bytes));
                }
            };
            var message = new byte[messageSize];
            void Send()
            {
                while (sender.Channel.BufferedAmount < HighWaterMark && sender.TrySend(message))
                {
                }
            }

            sender.Loop.Execute(() =>
            {
                sender.Channel.BufferedAmountLowThreshold = HighWaterMark / 2;
                sender.Writable = Send;
                Send();
            });
            var before = await first.Task.WaitAsync(Limit, cancellation).ConfigureAwait(false);
            var after = await last.Task.WaitAsync(Limit + duration, cancellation).ConfigureAwait(false);
            var (moved, cpu, allocated, elapsed) = (
                after.Bytes - before.Bytes,
                after.Processor - before.Processor,
                after.Allocated - before.Allocated,
                Stopwatch.GetElapsedTime(before.Timestamp, after.Timestamp));
            sender.Loop.Execute(() => sender.Writable = null);
            var sent = loops.Clients.Statistics;
            Console.Error.WriteLine($"  {sent.DatagramsSent:N0} datagrams in {sent.SendCalls:N0} system calls, {sent.SegmentedSends:N0} messages by GSO");
            return
            [
                new(Name, moved / 1e6 / elapsed.TotalSeconds, "MB/s"),
                new($"{Name}, messages", moved / (double)messageSize / elapsed.TotalSeconds, "1/s"),
                new($"{Name}, CPU of both ends", cpu.TotalSeconds / (moved / 1e9), "s/GB"),
                new($"{Name}, allocated by both ends", allocated / (moved / 1200.0), "B/1200 B"),
            ];
        }
    }

    private sealed record Sample(long Bytes, TimeSpan Processor, long Allocated, long Timestamp)
    {
        public static Sample Take(long bytes) =>
            new(bytes, Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
    }
}
