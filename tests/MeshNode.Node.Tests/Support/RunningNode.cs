using System.Net.Http.Headers;
using MeshNode.Mesh;
using MeshNode.Mesh.Identity;
using MeshNode.Node.Cli;
using Microsoft.Extensions.Logging;

namespace MeshNode.Node.Tests.Support;

/// <summary>The whole program within the test's process, with a scripted mesh: real arguments, files, sockets and exit code.</summary>
internal sealed class RunningNode : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<int> _exit;
    private TempDirectory? _directory;

    private RunningNode(string data, string[] extra)
    {
        Data = data;
        var terminal = new Terminal(Output, Error, _ => null);
        string[] args = ["run", "--data", data, "--http", "127.0.0.1:0", "--udp", "127.0.0.1:0", .. extra];
        _exit = Task.Run(() => CommandLine.RunAsync(args, terminal, StartMeshAsync, _stop.Token));
    }

    public string Data { get; }

    public LineWriter Output { get; } = new();

    public LineWriter Error { get; } = new();

    public ScriptedMeshHost Mesh { get; private set; } = null!;

    /// <summary>ADDR:PORT.</summary>
    public string Http { get; private set; } = "";

    public string Token => File.ReadAllText(Path.Combine(Data, "control-token"));

    public static async Task<RunningNode> StartAsync(params string[] extra)
    {
        var directory = new TempDirectory();
        var node = await StartInAsync(directory["data"], extra);
        node._directory = directory;
        return node;
    }

    /// <summary>With a data directory that the caller removes.</summary>
    public static async Task<RunningNode> StartInAsync(string data, params string[] extra)
    {
        var node = new RunningNode(data, extra);
        var first = await Task.WhenAny(node.Output.WaitForLineAsync(" --join ws://"), node._exit).WaitAsync(Patience);
        Assert.True(first != node._exit, $"The node ended: {node.Error.Text}");
        node.Http = (await node.Output.WaitForLineAsync("  http ")).Split(' ')[^1];
        return node;
    }

    /// <summary>A client that shows the token and what a test changes.</summary>
    public HttpClient CreateClient(string? token = null)
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://{Http}/"), Timeout = Patience };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? Token);
        return client;
    }

    /// <summary>Runs another command of the program against this node.</summary>
    public async Task<(int ExitCode, string Output, string Error)> AskAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        var code = await CommandLine.RunAsync(
            args, new Terminal(output, error, _ => null), (_, _, _, _) => throw new InvalidOperationException("Only run starts a mesh.")).WaitAsync(Patience);
        return (code, output.ToString(), error.ToString());
    }

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _exit.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _directory?.Dispose();
    }

    private Task<IMeshHost> StartMeshAsync(MeshHostOptions options, NodeIdentity identity, ILoggerFactory loggers, TimeProvider clock)
    {
        Mesh = ScriptedMeshHost.Start(options, identity);
        return Task.FromResult<IMeshHost>(Mesh);
    }
}
