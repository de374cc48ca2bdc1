using System.Diagnostics;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Cases;

/// <summary>One direction, as fast as it goes: bytes of messages that arrive whole, and what both ends cost.</summary>
internal sealed class ThroughputCase(int messageSize, TimeSpan duration) : IBenchmarkCase
{
    /// <summary>Bytes that wait in the sender's channel, so that it is never idle.</summary>
    private const long HighWaterMark = 4 << 20;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public string Name => $"throughput {(messageSize >= 1024 ? $"{messageSize / 1024} KiB" : $"{messageSize} B")}";

    public async Task<IReadOnlyList<ResultRow>> RunAsync(CancellationToken cancellation)
    {
        var loops = new LoopPair();
        await using (loops.ConfigureAwait(false))
        {
            var (sender, receiver) = await loops.ConnectAsync(0).ConfigureAwait(false);
            long bytes = 0;
            receiver.Message = data => Volatile.Write(ref bytes, bytes + data.Length);
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
            await Task.Delay(WarmUp, cancellation).ConfigureAwait(false);

            var process = Process.GetCurrentProcess();
            var (bytesBefore, cpuBefore, allocatedBefore, start) =
                (Volatile.Read(ref bytes), process.TotalProcessorTime, GC.GetTotalAllocatedBytes(), Stopwatch.GetTimestamp());
            await Task.Delay(duration, cancellation).ConfigureAwait(false);
            process.Refresh();
            var (moved, cpu, allocated, elapsed) = (
                Volatile.Read(ref bytes) - bytesBefore,
                process.TotalProcessorTime - cpuBefore,
                GC.GetTotalAllocatedBytes() - allocatedBefore,
                Stopwatch.GetElapsedTime(start));
            sender.Loop.Execute(() => sender.Writable = null);
            Console.Error.WriteLine($"  {loops.Clients.Statistics}\n  {loops.Server.Statistics}");
            return
            [
                new(Name, moved / 1e6 / elapsed.TotalSeconds, "MB/s"),
                new($"{Name}, messages", moved / (double)messageSize / elapsed.TotalSeconds, "1/s"),
                new($"{Name}, CPU of both ends", cpu.TotalSeconds / (moved / 1e9), "s/GB"),
                new($"{Name}, allocated by both ends", allocated / (moved / 1200.0), "B/1200 B"),
            ];
        }
    }
}
