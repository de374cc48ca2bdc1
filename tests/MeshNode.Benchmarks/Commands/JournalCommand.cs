using System.CommandLine;
using System.Diagnostics;
using MeshNode.Benchmarks.Cases.Actors;
using MeshNode.Benchmarks.Cases.Journal;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Commands;

/// <summary>Persistent actors over SQLite and PostgreSQL, both as durable as they can be. Medians of several rounds, with their range.</summary>
internal static class JournalCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the results to this file as JSON." };
        var only = new Option<string?>("--only") { Description = "Only the engine whose name contains this: SQLite or PostgreSQL." };
        var rounds = new Option<int>("--rounds") { Description = "Rounds that count, 1 or more; one before them warms up.", DefaultValueFactory = _ => 5 };
        var actors = new Option<int>("--actors") { Description = "Actors that persist at once, 1 or more.", DefaultValueFactory = _ => 1_000 };
        var events = new Option<int>("--events") { Description = "Events that each of them persists, 1 or more.", DefaultValueFactory = _ => 300 };
        var singles = new Option<int>("--singles") { Description = "Events that one actor alone persists, 1 or more.", DefaultValueFactory = _ => 1_000 };
        var folder = new Option<DirectoryInfo?>("--folder") { Description = "Where SQLite's files are made; a temporary folder. What counts is its disk." };
        var command = new Command("journal", "Persist and recover with 1,000 actors over SQLite and PostgreSQL, in about two minutes. PostgreSQL's server is started for it.")
        {
            json, only, rounds, actors, events, singles, folder,
        };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetValue(json),
            result.GetValue(only) ?? "",
            Math.Max(1, result.GetValue(rounds)),
            (Math.Max(1, result.GetValue(actors)), Math.Max(1, result.GetValue(events)), Math.Max(1, result.GetValue(singles))),
            result.GetValue(folder),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        FileInfo? json, string only, int rounds, (int Actors, int Events, int Singles) size, DirectoryInfo? folder, CancellationToken cancellation)
    {
        var machine = MachineContext.Read();
        Console.WriteLine(machine);
        var rows = new List<ResultRow>();
        if ("SQLite".Contains(only, StringComparison.OrdinalIgnoreCase))
        {
            var place = Directory.CreateDirectory(Path.Combine(folder?.FullName ?? Path.GetTempPath(), "meshnode-journal-" + Path.GetRandomFileName()));
            try
            {
                rows.AddRange(await MeasureAsync(JournalEngine.Sqlite(place.FullName), rounds, size, cancellation).ConfigureAwait(false));
            }
            finally
            {
                place.Delete(recursive: true);
            }
        }

        if ("PostgreSQL".Contains(only, StringComparison.OrdinalIgnoreCase))
        {
            var server = await PostgresServer.PostgresServer.StartAsync().ConfigureAwait(false);
            await using (server.ConfigureAwait(false))
            {
                rows.AddRange(await MeasureAsync(JournalEngine.PostgreSql(server), rounds, size, cancellation).ConfigureAwait(false));
            }
        }

        ResultTable.Write(Console.Out, rows);
        Console.WriteLine("Median of the rounds, in brackets the lowest and the highest. Actors, journal and PostgreSQL's server share the cores.");
        if (json is not null)
        {
            await ResultJson.WriteAsync(json, machine, rows, cancellation).ConfigureAwait(false);
        }

        return rows.Count > 0 ? 0 : 1;
    }

    private static async Task<IEnumerable<ResultRow>> MeasureAsync(
        JournalEngine engine, int rounds, (int Actors, int Events, int Singles) size, CancellationToken cancellation)
    {
        var one = new JournalCase(engine, size.Actors, size.Events, size.Singles);
        var results = new List<(Metric Metric, double Value)>();
        for (var round = 0; round <= rounds; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            var begin = Stopwatch.GetTimestamp();
            var measured = await one.RunAsync(cancellation).ConfigureAwait(false);
            if (round == 0)
            {
                Console.WriteLine($"{engine.Name} says of itself: {one.Durability}");
            }

            Console.Error.WriteLine(
                $"{engine.Name}, {(round == 0 ? "warm-up" : $"round {round} of {rounds}")}: {measured[0].Value:N0} events/s ({Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} s)");
            results.AddRange(round == 0 ? [] : measured);
        }

        return results.GroupBy(result => result.Metric, result => result.Value).Select(group => group.Key.Summarize([.. group]));
    }
}
