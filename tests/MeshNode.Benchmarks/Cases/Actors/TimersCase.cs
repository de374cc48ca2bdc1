using System.Diagnostics;
using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>
/// 100,000 messages that the scheduler holds at once, due at random within <see cref="Window"/>: what each holds on the
/// managed heap (without its message, which is there before), how late each reaches its actor, and the process's time for
/// all from the first to the last.
/// </summary>
internal sealed class TimersCase() : ActorsCase("timers", warmUps: 1, rounds: 3)
{
    private const int Timers = 100_000;
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(4);

    private static readonly Metric Bytes = new("100,000 pending timers, each", "B", AtMost: 120, Quoted: "245 B", QuotedValue: 245);
    private static readonly Metric Median = new("100,000 pending timers, lateness p50", "ms");
    private static readonly Metric Late = new("100,000 pending timers, lateness p99", "ms", AtMost: 12, Quoted: "22 ms", QuotedValue: 22);
    private static readonly Metric Worst = new("100,000 pending timers, lateness max", "ms");
    private static readonly Metric Start = new("100,000 pending timers, starting one", "us");
    private static readonly Metric Cpu = new("100,000 timers, 25,000 due a second", "% of a core");

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var random = new Random(1);
        var messages = Enumerable.Range(0, Timers).Select(_ => new Due()).ToArray();
        var ended = new Countdown(Timers);
        var actor = system.ActorOf(Props.Create(() => new Clerk(ended)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var begin = Stopwatch.GetTimestamp();
        foreach (var message in messages)
        {
            var delay = First + (Window * random.NextDouble());
            message.At = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
            system.Scheduler.ScheduleTellOnce(delay, actor, message, ActorRefs.NoSender);
        }

        var starting = Stopwatch.GetElapsedTime(begin);
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Timers;
        await Task.Delay(First - Stopwatch.GetElapsedTime(begin), cancellation).ConfigureAwait(false);
        var (cpuBefore, start) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await ended.Ended.WaitAsync(Limit, cancellation).ConfigureAwait(false);
        var cpu = (Environment.CpuUsage.TotalTime - cpuBefore) / Stopwatch.GetElapsedTime(start);
        double[] lateness = [.. messages.Select(message => message.Late.TotalMilliseconds)];
        return
        [
            (Bytes, bytes),
            (Median, Percentile.Of(lateness, 0.5)),
            (Late, Percentile.Of(lateness, 0.99)),
            (Worst, lateness.Max()),
            (Start, starting.TotalMicroseconds / Timers),
            (Cpu, 100 * cpu),
        ];
    }

    private sealed class Due
    {
        public long At { get; set; }

        public TimeSpan Late { get; set; }
    }

    private sealed class Clerk(Countdown ended) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var due = (Due)message;
            due.Late = Stopwatch.GetElapsedTime(due.At);
            ended.Signal();
        }
    }
}
