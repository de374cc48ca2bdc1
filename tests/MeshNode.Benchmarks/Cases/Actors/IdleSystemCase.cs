using System.Diagnostics;
using MeshNode.Actors;

namespace MeshNode.Benchmarks.Cases.Actors;

/// <summary>The process's time over some seconds in which nothing happens, without and with timers that are far away.</summary>
internal sealed class IdleSystemCase(int timers) : ActorsCase($"idle system {timers}", warmUps: 0, rounds: 3)
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(4);

    private readonly Metric _cpu = timers == 0
        ? new Metric("idle system", "% of a core", AtMost: 0.1)
        : new Metric($"idle system, {timers:N0} timers pending", "% of a core", AtMost: 0.1, Quoted: "5 %", QuotedValue: 5);

    protected override async Task<IReadOnlyList<(Metric Metric, double Value)>> MeasureAsync(ActorSystem system, CancellationToken cancellation)
    {
        var actor = system.ActorOf(Props.Create(() => new Nothing()));
        for (var i = 0; i < timers; i++)
        {
            system.Scheduler.ScheduleTellOnce(TimeSpan.FromMinutes(10) + TimeSpan.FromMilliseconds(i), actor, string.Empty, ActorRefs.NoSender);
        }

        await Task.Delay(Settle, cancellation).ConfigureAwait(false);
        var (before, begin) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
        await Task.Delay(Duration, cancellation).ConfigureAwait(false);
        return [(_cpu, 100 * ((Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(begin)))];
    }

    private sealed class Nothing : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
