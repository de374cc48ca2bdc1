using System.CommandLine;
using MeshNode.Hocon;
using MeshNode.Mesh.Identity;
using MeshNode.Node.Http;

namespace MeshNode.Node.Cli;

/// <summary><c>meshnode send --to ID TEXT</c>: exit code 0 only when the far node acknowledged.</summary>
internal static class SendCommand
{
    private static readonly TimeSpan MaximumTimeout = TimeSpan.FromMinutes(10);

    public static Command Create(Terminal terminal)
    {
        var to = new Option<string>("--to") { HelpName = "ID", Description = "The peer's id", Required = true };
        var timeout = new Option<string>("--timeout") { HelpName = "DURATION", Description = "How long to wait for the acknowledgement, such as 10s or 500ms [default: 10s]" };
        var text = new Argument<string>("TEXT") { Description = "What to send" };
        var command = new Command("send", "Send a text to a peer and wait until its application acknowledges it.") { to, timeout, text };
        var node = new NodeOptions();
        node.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            var id = ParseId(parsed.GetRequiredValue(to));
            var limit = ParseTimeout(parsed.GetValue(timeout) ?? "10s");
            using var client = node.Connect(parsed, terminal);
            var result = await client.SendAsync(
                new SendRequest(id.ToString(), parsed.GetRequiredValue(text), (int)Math.Ceiling(limit.TotalMilliseconds)));
            Print(terminal, id, result, parsed.GetValue(node.Json));
            return result.Delivered ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static PeerId ParseId(string text) => PeerId.TryParse(text, out var id)
        ? id
        : throw new NodeStartException($"--to: '{text}' is not valid; valid is an id of {PeerId.TextLength} characters, as 'meshnode status' and 'meshnode topology' show it");

    private static TimeSpan ParseTimeout(string text) =>
        HoconDuration.TryParse(text, out var value) && value >= TimeSpan.FromMilliseconds(1) && value <= MaximumTimeout
            ? value
            : throw new NodeStartException($"--timeout: '{text}' is not valid; valid is a duration from 1ms to 10m, such as 10s");

    private static void Print(Terminal terminal, PeerId to, SendResponse result, bool json)
    {
        if (json)
        {
            ClientCommand.WriteJson(terminal, result, ControlJson.Default.SendResponse);
        }
        else if (result.Delivered)
        {
            terminal.Output.WriteLine($"Delivered to {to} in {Table.Milliseconds(result.TookMs)} ({result.Path}).");
        }

        if (!result.Delivered)
        {
            terminal.WriteError($"not delivered to {to}: {result.Reason}");
        }
    }
}
