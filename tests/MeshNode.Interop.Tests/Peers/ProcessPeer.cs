using System.Diagnostics;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>A far side in a process of its own, with JSON lines on stdin and stdout.</summary>
internal sealed class ProcessPeer : ScriptedPeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly SemaphoreSlim _writing = new(1);

    private ProcessPeer(string stack, Process process)
        : base(stack)
    {
        _process = process;
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } json)
            {
                Receive(json);
            }
            else
            {
                FailToStart("its output ended.");
            }
        };
        process.ErrorDataReceived += (_, line) => Events.Note($"stderr: {line.Data}");
    }

    /// <summary>Returns when the far side takes commands.</summary>
    public static async Task<ProcessPeer> StartAsync(string stack, string program, string script)
    {
        var start = new ProcessStartInfo(program, [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var peer = new ProcessPeer(stack, new Process { StartInfo = start });
        peer._process.Start();
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        peer.Events.Note(await peer.Ready.WaitAsync(Patience));
        return peer;
    }

    public override async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close(); // the script closes its connection and leaves
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _writing.Dispose();
    }

    protected override async Task WriteAsync(string json)
    {
        await _writing.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(json);
            await _process.StandardInput.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
