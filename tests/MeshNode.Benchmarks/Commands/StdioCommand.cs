using System.CommandLine;
using System.Net;
using MeshNode.Benchmarks.Stdio;

namespace MeshNode.Benchmarks.Commands;

/// <summary>One end of a measurement, steered by JSON lines, so that any other stack's program can be the other.</summary>
internal static class StdioCommand
{
    public static Command Create()
    {
        var offer = new Option<bool>("--offer") { Description = "Offer, with one ordered reliable channel labelled d. Without it, wait for an offer." };
        var bind = new Option<string>("--bind")
        {
            Description = "Address to listen on, with any free port. 0.0.0.0 offers the machine's addresses.",
            DefaultValueFactory = _ => "127.0.0.1",
        };
        var sources = new Option<bool>("--sources")
        {
            Description = "Give each connection with an id an address of 127/8 of its own, so that many can go to one port of the far side.",
        };
        var plain = new Option<bool>("--no-interleaving") { Description = "Do without I-DATA (RFC 8260), as browsers do." };
        var command = new Command("stdio", "A peer that takes JSON lines on standard input and answers with JSON lines; README.md of this project has them.")
        {
            offer, bind, sources, plain,
        };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetValue(offer), result.GetValue(bind)!, result.GetValue(sources), !result.GetValue(plain), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool offer, string bind, bool sources, bool interleaving, CancellationToken cancellation)
    {
        if (!IPAddress.TryParse(bind, out var address))
        {
            await Console.Error.WriteLineAsync($"--bind {bind}: not an IP address").ConfigureAwait(false);
            return 2;
        }

        var output = new StdioOutput(Console.OpenStandardOutput());
        var session = new StdioSession(address, sources, interleaving, output);
        await using (session.ConfigureAwait(false))
        {
            if (offer)
            {
                session.Offer();
            }

            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            new Thread(() => Read(session, output, ended)) { IsBackground = true, Name = "stdin" }.Start();
            var registration = cancellation.Register(() => ended.TrySetResult());
            await using (registration.ConfigureAwait(false))
            {
                await ended.Task.ConfigureAwait(false);
            }
        }

        return 0;
    }

    /// <summary>Until the end of the input or a line that says so.</summary>
    private static void Read(StdioSession session, StdioOutput output, TaskCompletionSource ended)
    {
        var lines = new LineReader(Console.OpenStandardInput());
        var goesOn = true;
        while (goesOn && lines.TryRead(out var line, out var isTooLong))
        {
            if (isTooLong)
            {
                output.Error(null, $"a line of more than {LineReader.MaxLength:N0} bytes was passed over");
            }
            else
            {
                goesOn = session.Handle(line);
            }
        }

        ended.TrySetResult();
    }
}
