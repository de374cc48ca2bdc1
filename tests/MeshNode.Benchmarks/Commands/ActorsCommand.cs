using System.CommandLine;
using System.Diagnostics;
using MeshNode.Benchmarks.Cases.Actors;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Commands;

/// <summary>The actor kernel by itself: messages, questions, actors, timers. Medians of several rounds, with their range.</summary>
internal static class ActorsCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the results to this file as JSON." };
        var only = new Option<string?>("--only") { Description = "Only the cases whose names contain this (--list shows them)." };
        var rounds = new Option<int>("--rounds")
        {
            Description = "Rounds of each case, 1 or more; the long cases take at most 3.",
            DefaultValueFactory = _ => 7,
        };
        var list = new Option<bool>("--list") { Description = "Only name the cases." };
        var command = new Command("actors", "Throughput, questions, spawning, memory, timers and idleness of the actor kernel, in about two minutes.")
        {
            json, only, rounds, list,
        };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetValue(json), result.GetValue(only), Math.Max(1, result.GetValue(rounds)), result.GetValue(list), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? json, string? only, int rounds, bool list, CancellationToken cancellation)
    {
        ActorsCase[] cases =
        [
            new TellCase(senders: 1, receivers: 1),
            new TellCase(senders: 100, receivers: 1),
            new TellCase(senders: 1, receivers: 100),
            new BurstCase(),
            new PairsCase(1),
            new PairsCase(2),
            new PairsCase(16),
            new AskCase(inFlight: 1),
            new AskCase(inFlight: 100),
            new SpawnCase(),
            new IdleActorsCase(100_000, receive: true),
            new IdleActorsCase(100_000, receive: false),
            new IdleActorsCase(1_000_000, receive: true),
            new IdleActorsCase(1_000_000, receive: false),
            new TimersCase(),
            new IdleSystemCase(timers: 0),
            new IdleSystemCase(timers: 100_000),
        ];
        if (list)
        {
            Array.ForEach(cases, one => Console.WriteLine(one.Name));
            return 0;
        }

        var machine = MachineContext.Read();
        Console.WriteLine(machine);
        var rows = new List<ResultRow>();
        foreach (var one in cases.Where(one => only is null || one.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            rows.AddRange(await MeasureAsync(one, Math.Min(rounds, one.Rounds ?? rounds), cancellation).ConfigureAwait(false));
        }

        ResultTable.Write(Console.Out, rows);
        Console.WriteLine("Median of the rounds, in brackets the lowest and the highest. Figures of Akka.NET are quoted from another run on such a machine, not measured here.");
        if (json is not null)
        {
            await ResultJson.WriteAsync(json, machine, rows, cancellation).ConfigureAwait(false);
        }

        return 0;
    }

    private static async Task<IEnumerable<ResultRow>> MeasureAsync(ActorsCase one, int rounds, CancellationToken cancellation)
    {
        var results = new List<(Metric Metric, double Value)>();
        for (var round = 1 - one.WarmUps; round <= rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var begin = Stopwatch.GetTimestamp();
            var measured = await one.RunAsync(cancellation).ConfigureAwait(false);
            var what = round > 0 ? $"round {round} of {rounds}" : "warm-up";
            Console.Error.WriteLine($"{one.Name}, {what}: {measured[0].Value:#,0.##} {measured[0].Metric.Unit} ({Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s)");
            if (round > 0)
            {
                results.AddRange(measured);
            }
        }

        return results.GroupBy(result => result.Metric, result => result.Value).Select(group => group.Key.Summarize([.. group]));
    }
}
