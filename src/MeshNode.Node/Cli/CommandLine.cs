using System.CommandLine;
using MeshNode.Mesh.Identity;
using MeshNode.Node.Hosting;

namespace MeshNode.Node.Cli;

/// <summary>The program: parses the arguments, runs the command, and turns what goes wrong into one line and an exit code.</summary>
internal static class CommandLine
{
    /// <param name="args">Without the program's name.</param>
    /// <param name="terminal">Where it reads variables and writes.</param>
    /// <param name="startMesh">Starts the mesh for <c>run</c>.</param>
    /// <param name="stop">Asks a running node to stop, as a signal does.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, Terminal terminal, MeshHostFactory startMesh, CancellationToken stop = default)
    {
        var root = new RootCommand("A node of a WebRTC mesh, and the commands that ask a running one.")
        {
            RunCommand.Create(terminal, startMesh, stop),
            StatusCommand.Create(terminal),
            PeersCommand.Create(terminal),
            TopologyCommand.Create(terminal),
            SendCommand.Create(terminal),
        };

        // A value that begins with @ is a file for the option to read, not a response file for the parser.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            var command = parsed.CommandResult.Command is RootCommand ? "" : $"{parsed.CommandResult.Command.Name} ";
            terminal.WriteError($"{parsed.Errors[0].Message.TrimEnd('.')}; see: meshnode {command}--help");
            return ExitCode.Usage;
        }

        try
        {
            var invocation = new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // RunCommand handles signals itself
            };
            return await parsed.InvokeAsync(invocation, stop);
        }
        catch (Exception exception) when (exception is NodeStartException or IdentityException)
        {
            terminal.WriteError(exception.Message);
            return ExitCode.Usage;
        }
        catch (ControlException exception)
        {
            terminal.WriteError(exception.Message);
            return ExitCode.Failure;
        }
    }
}
