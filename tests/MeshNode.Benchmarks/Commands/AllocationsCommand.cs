using System.CommandLine;
using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using MeshNode.Benchmarks.Cases.Allocations;

namespace MeshNode.Benchmarks.Commands;

/// <summary>Whether the hot path allocates, by BenchmarkDotNet's memory diagnoser; ends with 1 when it does.</summary>
internal static class AllocationsCommand
{
    public static Command Create()
    {
        var only = new Option<string?>("--only") { Description = "Only the benchmarks whose names contain this: Stun, Sctp, Crc32c." };
        var verbose = new Option<bool>("--verbose") { Description = "BenchmarkDotNet's own output, too." };
        var command = new Command("allocations", "Allocated bytes of STUN checks, SCTP data and CRC32c, by BenchmarkDotNet, in about a minute; fails unless all are 0.")
        {
            only, verbose,
        };
        command.SetAction(result => Run(result.GetValue(only), result.GetValue(verbose)));
        return command;
    }

    private static int Run(string? only, bool isVerbose)
    {
        var artifacts = Directory.CreateTempSubdirectory("meshnode-allocations-");
        try
        {
            // In this process: what is measured depends on neither the build nor the network.
            var config = ManualConfig.CreateEmpty()
                .AddJob(Job.ShortRun.WithToolchain(InProcessNoEmitToolchain.Instance))
                .AddDiagnoser(MemoryDiagnoser.Default)
                .AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
                .AddLogger(isVerbose ? ConsoleLogger.Default : NullLogger.Instance)
                .WithArtifactsPath(artifacts.FullName);
            var reports = new[] { typeof(StunCheckBenchmark), typeof(SctpDataBenchmark), typeof(Crc32cBenchmark) }
                .Where(type => only is null || type.Name.Contains(only, StringComparison.OrdinalIgnoreCase))
                .SelectMany(type => BenchmarkRunner.Run(type, config).Reports)
                .ToArray();
            return Print(reports) ? 0 : 1;
        }
        finally
        {
            artifacts.Delete(recursive: true);
        }
    }

    /// <returns>True when all ran and none allocates.</returns>
    private static bool Print(BenchmarkReport[] reports)
    {
        var holds = reports.Length > 0;
        Console.WriteLine($"{"",-60} {"Mean",12} {"Allocated",12}");
        foreach (var report in reports)
        {
            var name = report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo.Trim('\'')
                + string.Concat(report.BenchmarkCase.Parameters.Items.Select(parameter => string.Create(CultureInfo.InvariantCulture, $", {parameter.Value:#,0} B")));
            var allocated = report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase);
            holds &= report.Success && allocated == 0;
            var mean = report.ResultStatistics is { } statistics ? string.Create(CultureInfo.InvariantCulture, $"{statistics.Mean:#,0.0} ns") : "failed";
            Console.WriteLine($"{name,-60} {mean,12} {(allocated is null ? "unknown" : $"{allocated} B"),12}");
        }

        Console.WriteLine(holds ? "goal 0 B: holds" : "goal 0 B: missed");
        return holds;
    }
}
