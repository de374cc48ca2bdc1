using System.Diagnostics;

namespace MeshNode.Interop.Tests.Peers;

/// <summary>libdatachannel in a Node.js process of its own, bound to 127.0.0.1.</summary>
internal sealed class LibDataChannelPeer : ScriptedPeer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly SemaphoreSlim _writing = new(1);

    private LibDataChannelPeer(Process process)
        : base("libdatachannel")
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

    public static async Task<LibDataChannelPeer> StartAsync()
    {
        var start = new ProcessStartInfo("node", [Path.Combine(FarSideScripts.Folder, "datachannel-peer.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var peer = new LibDataChannelPeer(new Process { StartInfo = start });
        peer._process.Start();
        peer._process.BeginOutputReadLine();
        peer._process.BeginErrorReadLine();
        peer.Events.Note(await peer.Ready.WaitAsync(Patience));
        return peer;
    }

    public override async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close(); // the script closes its connection and leaves
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
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
