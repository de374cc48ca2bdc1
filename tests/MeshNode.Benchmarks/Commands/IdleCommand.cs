using System.CommandLine;
using MeshNode.Benchmarks.Cases.Peers;
using MeshNode.Benchmarks.Reporting;

namespace MeshNode.Benchmarks.Commands;

/// <summary>What ten thousand connected peers cost a process while nothing happens.</summary>
internal static class IdleCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the results to this file as JSON." };
        var peers = new Option<int>("--peers") { Description = "Connections, 1 to 60,000; the goals of memory and processor are for 10,000.", DefaultValueFactory = _ => 10_000 };
        var seconds = new Option<double>("--seconds") { Description = "How long they are idle.", DefaultValueFactory = _ => 30 };
        var command = new Command("idle", "Memory and processor time of 10,000 connected, idle peers between two processes on loopback, in about two minutes.")
        {
            json, peers, seconds,
        };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetValue(json),
            Math.Clamp(result.GetValue(peers), 1, 60_000),
            TimeSpan.FromSeconds(Math.Max(1, result.GetValue(seconds))),
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? json, int peers, TimeSpan idle, CancellationToken cancellation)
    {
        var machine = MachineContext.Read();
        Console.WriteLine(machine);
        var rows = await new CrowdCase(peers, idle).RunAsync(cancellation).ConfigureAwait(false);
        ResultTable.Write(Console.Out, rows);
        if (json is not null)
        {
            await ResultJson.WriteAsync(json, machine, rows, cancellation).ConfigureAwait(false);
        }

        return 0;
    }
}
