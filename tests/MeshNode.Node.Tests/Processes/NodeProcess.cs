using System.Diagnostics;
using System.Runtime.InteropServices;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Processes;

/// <summary>The shipped program as a process of its own.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process _process;

    private NodeProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MESHNODE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Collect(Output, line.Data);
        _process.ErrorDataReceived += (_, line) => Collect(Error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public static string Executable => Path.Combine(AppContext.BaseDirectory, "meshnode");

    /// <summary>The directory of the solution.</summary>
    public static string Repository
    {
        get
        {
            var directory = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(directory, "MeshNode.sln")))
            {
                directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The tests do not run within the repository.");
            }

            return directory;
        }
    }

    public int ProcessId => _process.Id;

    public LineWriter Output { get; } = new();

    public LineWriter Error { get; } = new();

    /// <summary>Runs the executable.</summary>
    public static NodeProcess Start(params string[] args) => new(new ProcessStartInfo(Executable, args));

    /// <summary>Runs a command line as a person pastes it into a shell, in the repository's directory; the shell becomes it.</summary>
    public static NodeProcess Paste(string command) =>
        new(new ProcessStartInfo("sh", ["-c", $"exec {command}"]) { WorkingDirectory = Repository });

    /// <summary>Runs a command of the program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var process = Start(args);
        var code = await process.WaitForExitAsync();
        return (code, process.Output.Text, process.Error.Text);
    }

    /// <summary>Waits for the command that the start-up text ends with.</summary>
    public async Task<string> WaitForJoinCommandAsync()
    {
        var exit = _process.WaitForExitAsync();
        var line = Output.WaitForLineAsync(" --join ws://");
        Assert.True(await Task.WhenAny(line, exit).WaitAsync(Patience) == line, $"The node ended: {Output.Text}{Error.Text}");
        return (await line).Trim();
    }

    public void Signal(PosixSignal signal)
    {
        var number = signal == PosixSignal.SIGTERM ? 15 : 2;
        Assert.Equal(0, NativeMethods.Kill(_process.Id, number));
    }

    /// <summary>SIGKILL: the program cannot say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static void Collect(LineWriter writer, string? line)
    {
        if (line is not null)
        {
            writer.WriteLine(line);
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Kill(int pid, int signal);
    }
}
