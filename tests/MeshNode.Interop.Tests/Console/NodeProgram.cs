using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace MeshNode.Interop.Tests.Console;

/// <summary>A node as the shipped program runs it, in a data directory of its own, on loopback.</summary>
internal sealed partial class NodeProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private bool _ended;

    private NodeProgram(string data, string name, string http, IEnumerable<string> extra)
    {
        Data = data;
        _process = Start(["run", "--data", data, "--name", name, "--http", http, "--udp", "127.0.0.1:0", .. extra], Collect);
    }

    public string Data { get; }

    public string Id { get; private set; } = "";

    /// <summary>Where a browser finds the console.</summary>
    public Uri ConsoleUrl { get; private set; } = null!;

    /// <summary>With which another node joins.</summary>
    public string JoinUrl { get; private set; } = "";

    /// <summary>What it has printed until now.</summary>
    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Starts a node and waits until it has told where it is.</summary>
    public static async Task<NodeProgram> StartAsync(string data, string name, string http = "127.0.0.1:0", params IEnumerable<string> extra)
    {
        var node = new NodeProgram(data, name, http, extra);
        try
        {
            await node.WaitForLineAsync(node.ReadStartLine, "where it is");
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    /// <summary>Waits until it prints something that it has not printed before.</summary>
    public Task WaitForLogAsync(string text) => WaitForLineAsync(line => line.Contains(text, StringComparison.Ordinal), text);

    /// <summary><c>meshnode send</c> from this node; returns its exit code and what it printed.</summary>
    public async Task<(int ExitCode, string Output)> SendAsync(string to, string text)
    {
        var output = new StringBuilder();
        using var process = Start(["send", "--data", Data, "--to", to, text], line => output.AppendLine(line));
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, output.ToString());
    }

    /// <summary>Ends it at once, as a crash does; the second time nothing happens.</summary>
    public void Dispose()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task WaitForLineAsync(Func<string, bool> isIt, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (!isIt(await _lines.Reader.ReadAsync(limit.Token)))
            {
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"The node has not told: {what}. It told:\n{Log}");
        }
    }

    private static Process Start(IEnumerable<string> arguments, Action<string> collect)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "meshnode"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Pass(line.Data);
        process.ErrorDataReceived += (_, line) => Pass(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;

        void Pass(string? line)
        {
            if (line is not null)
            {
                lock (process)
                {
                    collect(line);
                }
            }
        }
    }

    private void Collect(string line)
    {
        lock (_log)
        {
            _log.AppendLine(line);
        }

        _lines.Writer.TryWrite(line);
    }

    /// <summary>True at the last line of what a node tells when it has started: the command that joins.</summary>
    private bool ReadStartLine(string line)
    {
        if (IdLine().Match(line) is { Success: true } id)
        {
            Id = id.Groups[1].Value;
        }
        else if (ConsoleLine().Match(line) is { Success: true } console)
        {
            ConsoleUrl = new Uri(console.Groups[1].Value);
        }
        else if (JoinLine().Match(line) is { Success: true } join)
        {
            JoinUrl = join.Groups[1].Value;
            return true;
        }

        return false;
    }

    [GeneratedRegex(@"^\s+id\s+([a-z2-7]{52})$")]
    private static partial Regex IdLine();

    [GeneratedRegex(@"^\s+console\s+(\S+)$")]
    private static partial Regex ConsoleLine();

    [GeneratedRegex(@"--join (ws://\S+)")]
    private static partial Regex JoinLine();
}
