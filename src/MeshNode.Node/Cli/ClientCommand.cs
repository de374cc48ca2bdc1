using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MeshNode.Node.Cli;

/// <summary>What the commands that ask a running node have in common: find it, ask it, print for people or for programs.</summary>
internal static class ClientCommand
{
    /// <param name="name">Of the command.</param>
    /// <param name="description">Of the command.</param>
    /// <param name="terminal">Where it prints.</param>
    /// <param name="ask">The question.</param>
    /// <param name="type">The answer as JSON.</param>
    /// <param name="print">The answer for people.</param>
    public static Command Create<T>(
        string name, string description, Terminal terminal, Func<ControlClient, Task<T>> ask, JsonTypeInfo<T> type, Action<T, TextWriter> print)
    {
        var command = new Command(name, description);
        var node = new NodeOptions();
        node.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var client = node.Connect(parsed, terminal);
            var answer = await ask(client);
            if (parsed.GetValue(node.Json))
            {
                WriteJson(terminal, answer, type);
            }
            else
            {
                print(answer, terminal.Output);
            }

            return ExitCode.Success;
        });
        return command;
    }

    public static void WriteJson<T>(Terminal terminal, T value, JsonTypeInfo<T> type) =>
        terminal.Output.WriteLine(JsonSerializer.Serialize(value, type));
}
