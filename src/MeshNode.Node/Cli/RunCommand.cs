using System.CommandLine;
using MeshNode.Node.Hosting;
using MeshNode.Node.Logging;
using MeshNode.Node.Settings;
using MeshNode.Rtc.Sockets;

namespace MeshNode.Node.Cli;

/// <summary><c>meshnode run</c>: starts a node and keeps it until a signal.</summary>
internal sealed class RunCommand
{
    private readonly Option<string> _data = new("--data") { HelpName = "DIR", Description = "Data directory: keys, tokens, state [default: $XDG_STATE_HOME/meshnode or ~/.local/state/meshnode]" };
    private readonly Option<string> _http = new("--http") { HelpName = "ADDR:PORT", Description = "Address of the console, the API and /mesh [default: 127.0.0.1:7280]" };
    private readonly Option<string> _udp = new("--udp") { HelpName = "ADDR:PORT", Description = "Address that all WebRTC connections share [default: 127.0.0.1:7280]" };
    private readonly Option<string[]> _join = new("--join") { HelpName = "URL", Description = "A node to join through, ws://HOST:PORT/mesh; repeatable" };
    private readonly Option<string> _invite = new("--invite") { HelpName = "TOKEN|@FILE", Description = "Invite token to show to the nodes that are joined" };
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "Display name [default: the machine's]" };
    private readonly Option<string> _admission = new("--admission") { HelpName = "POLICY", Description = "Whom to let in: open, invite, list or auto [default: auto: open on loopback, otherwise invite]" };
    private readonly Option<string> _logLevel = new("--log-level") { HelpName = "LEVEL", Description = "trace, debug, info, warn or error [default: info]" };
    private readonly Option<bool> _jsonLog = new("--json-log") { Description = "Write JSON lines to standard output" };
    private readonly Option<string> _config = new("--config") { HelpName = "FILE", Description = "HOCON file; config/meshnode.conf describes every key" };
    private readonly Terminal _terminal;
    private readonly MeshHostFactory _startMesh;

    private RunCommand(Terminal terminal, MeshHostFactory startMesh)
    {
        _terminal = terminal;
        _startMesh = startMesh;
    }

    public static Command Create(Terminal terminal, MeshHostFactory startMesh, CancellationToken stop)
    {
        var run = new RunCommand(terminal, startMesh);
        var command = new Command("run", "Start a node. Options win over MESHNODE_… variables, those over --config, that over the defaults.")
        {
            run._data, run._http, run._udp, run._join, run._invite, run._name, run._admission, run._config, run._logLevel, run._jsonLog,
        };
        command.SetAction((parsed, _) => run.RunAsync(parsed, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var settings = SettingsLoader.Load(CollectOptions(parsed), parsed.GetValue(_config), _terminal.Environment);
        var clock = TimeProvider.System;
        using var loggers = NodeLogging.Create(settings, clock);
        using var signals = new ShutdownSignals(Environment.Exit);
        var node = await NodeHost.StartAsync(settings, _startMesh, new SecureRandomSource(), clock, loggers);
        Announce(node.Started, settings, loggers);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(signals.Requested, stop);
        await WaitAsync(stopping.Token);
        await node.StopAsync(signals.Cause);
        return ExitCode.Success;
    }

    private Dictionary<SettingKey, IReadOnlyList<string>> CollectOptions(ParseResult parsed)
    {
        var options = new Dictionary<SettingKey, IReadOnlyList<string>>();
        Add(SettingKey.Data, _data);
        Add(SettingKey.Http, _http);
        Add(SettingKey.Udp, _udp);
        Add(SettingKey.Invite, _invite);
        Add(SettingKey.Name, _name);
        Add(SettingKey.Admission, _admission);
        Add(SettingKey.LogLevel, _logLevel);
        if (parsed.GetValue(_join) is { Length: > 0 } join)
        {
            options[SettingKey.Join] = join;
        }

        if (parsed.GetValue(_jsonLog))
        {
            options[SettingKey.JsonLog] = ["true"];
        }

        return options;

        void Add(SettingKey key, Option<string> option)
        {
            if (parsed.GetValue(option) is { } value)
            {
                options[key] = [value];
            }
        }
    }

    private void Announce(StartedNode started, NodeSettings settings, ILoggerFactory loggers)
    {
        if (settings.JsonLog)
        {
            Log.NodeStarted(
                loggers.CreateLogger("MeshNode.Node"), started.Id, started.Http, started.Udp, started.ConsoleUrl, started.Data, started.JoinCommand);
        }
        else
        {
            started.WriteTo(_terminal.Output, ProgramVersion.Text);
        }
    }

    private static async Task WaitAsync(CancellationToken token)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (token.Register(asked.SetResult))
        {
            await asked.Task;
        }
    }
}
