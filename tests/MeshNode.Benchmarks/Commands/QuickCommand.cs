using System.CommandLine;
using MeshNode.Benchmarks.Cases;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Commands;

/// <summary>The numbers that every later change is compared with, in about half a minute.</summary>
internal static class QuickCommand
{
    /// <summary>Until the runtime has compiled the hot paths a second time; otherwise the first case pays for it.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the results to this file as JSON." };
        var seconds = new Option<double>("--seconds")
        {
            Description = "How long each throughput case runs.",
            DefaultValueFactory = _ => 3,
        };
        var connections = new Option<int>("--connections")
        {
            Description = "Connections of the memory case, 1 to 60,000.",
            DefaultValueFactory = _ => 500,
        };
        var only = new Option<string?>("--only") { Description = "Only the cases whose names contain this." };
        var command = new Command("quick", "Throughput, round trip, set-up and memory over two loops in this process, on loopback.")
        {
            json, seconds, connections, only,
        };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetValue(json),
            TimeSpan.FromSeconds(result.GetValue(seconds)),
            result.GetValue(connections),
            result.GetValue(only),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? json, TimeSpan duration, int connections, string? only, CancellationToken cancellation)
    {
        IBenchmarkCase[] cases =
        [
            new ThroughputCase(64 * 1024, duration),
            new ThroughputCase(16 * 1024, duration),
            new ThroughputCase(100, duration),
            new PingPongCase(size: 64, warmUp: 2_000, count: 20_000),
            new SetupCase(count: 50),
            new MemoryCase(connections),
        ];
        var machine = MachineContext.Read();
        Console.WriteLine(machine);
        Console.Error.WriteLine("warming up");
        await new ThroughputCase(64 * 1024, WarmUp).RunAsync(cancellation).ConfigureAwait(false);
        var rows = new List<ResultRow>();
        foreach (var benchmarkCase in cases)
        {
            if (only is not null && !benchmarkCase.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            Console.Error.WriteLine($"running: {benchmarkCase.Name}");
            rows.AddRange(await benchmarkCase.RunAsync(cancellation).ConfigureAwait(false));
        }

        ResultTable.Write(Console.Out, rows);
        if (json is not null)
        {
            await ResultJson.WriteAsync(json, machine, rows, cancellation).ConfigureAwait(false);
        }

        return 0;
    }
}
