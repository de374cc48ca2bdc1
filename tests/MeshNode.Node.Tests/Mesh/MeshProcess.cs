using System.Runtime.InteropServices;
using System.Text.Json;
using MeshNode.Node.Tests.Processes;

namespace MeshNode.Node.Tests.Mesh;

/// <summary>A node of a test's mesh: the shipped program on loopback with ports of its own, and what is asked of it.</summary>
internal sealed class MeshProcess : IDisposable
{
    /// <summary>What a slow machine that others use too may take for anything that should be at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly NodeProcess _process;

    private MeshProcess(string data, NodeProcess process)
    {
        Data = data;
        _process = process;
    }

    public string Data { get; }

    public string Id { get; private set; } = "";

    /// <summary>ADDR:PORT of its HTTP server.</summary>
    public string Http { get; private set; } = "";

    public string JoinUrl => $"ws://{Http}/mesh";

    public int ProcessId => _process.ProcessId;

    public string Log => _process.Error.Text;

    /// <summary>Where its log ends now, for those who wait for what comes later.</summary>
    public int LogMark => _process.Error.Mark;

    /// <summary>Starts it and waits for its start-up text.</summary>
    public static async Task<MeshProcess> StartAsync(string data, params string[] extra)
    {
        var process = NodeProcess.Start(["run", "--data", data, "--http", "127.0.0.1:0", "--udp", "127.0.0.1:0", .. extra]);
        var node = new MeshProcess(data, process);
        try
        {
            await process.WaitForJoinCommandAsync();
            node.Id = await node.ReadFactAsync("  id ");
            node.Http = await node.ReadFactAsync("  http ");
            return node;
        }
        catch
        {
            node.Dispose();
            throw;
        }
    }

    public static Task<MeshProcess> StartAsync(string data, MeshProcess seed, params string[] extra) =>
        StartAsync(data, ["--join", seed.JoinUrl, .. extra]);

    /// <summary>Waits until this node has logged that the peer came into the state.</summary>
    /// <param name="peer">An id.</param>
    /// <param name="state">As <c>PeerState</c> spells it.</param>
    /// <param name="after">A <see cref="LogMark"/> before which nothing counts.</param>
    public Task<string> WaitForPeerAsync(string peer, string state = "Connected", int after = 0) => WaitForLogAsync(
        line => line.Contains($"Peer {peer}: ", StringComparison.Ordinal) && line.Contains($" -> {state} (", StringComparison.Ordinal),
        $"peer {peer} to become {state}",
        after);

    public Task<string> WaitForLogAsync(string text, int after = 0) =>
        WaitForLogAsync(line => line.Contains(text, StringComparison.Ordinal), text, after);

    /// <summary>Asks <c>status</c>, <c>peers</c> or <c>topology</c> by the program's own command.</summary>
    public async Task<JsonElement> AskAsync(string command)
    {
        var (code, output, error) = await NodeProcess.RunAsync(command, "--data", Data, "--json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    /// <summary>Asks until the answer is right: each question is a process of its own, so there is no busy wait.</summary>
    public async Task<JsonElement> AskUntilAsync(string command, Func<JsonElement, bool> isRight)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await AskAsync(command);
            if (isRight(answer))
            {
                return answer;
            }

            Assert.False(limit.IsCancellationRequested, $"{command} never became right: {answer}\n{Log}");
        }
    }

    /// <summary>The entry of <c>peers</c> for an id, or null.</summary>
    public async Task<JsonElement?> FindPeerAsync(string id)
    {
        foreach (var peer in (await AskAsync("peers")).EnumerateArray())
        {
            if (peer.GetProperty("id").GetString() == id)
            {
                return peer;
            }
        }

        return null;
    }

    public Task<(int ExitCode, string Output, string Error)> SendAsync(string to, string text, string timeout = "100s") =>
        NodeProcess.RunAsync("send", "--data", Data, "--to", to, "--timeout", timeout, text);

    /// <summary>Sends, and expects that the far application takes it.</summary>
    public async Task DeliverAsync(MeshProcess to, string text)
    {
        var (code, output, error) = await SendAsync(to.Id, text);
        Assert.True(code == 0, $"{output}{error}\n-- sender:\n{Log}\n-- receiver:\n{to.Log}");
        Assert.StartsWith($"Delivered to {to.Id} ", output, StringComparison.Ordinal);
        await to.WaitForLogAsync($"Message from {Id}: {text}");
    }

    /// <summary>SIGTERM, to which the program says goodbye and ends with 0.</summary>
    public async Task StopAsync()
    {
        _process.Signal(PosixSignal.SIGTERM);
        Assert.True(await _process.WaitForExitAsync() == 0, Log);
    }

    public Task KillAsync() => _process.KillAsync();

    public void Dispose() => _process.Dispose();

    private async Task<string> ReadFactAsync(string label) =>
        (await _process.Output.WaitForLineAsync(label).WaitAsync(Patience)).Split(' ')[^1];

    private async Task<string> WaitForLogAsync(Func<string, bool> matches, string expected, int after)
    {
        try
        {
            return await _process.Error.WaitForLineAsync(matches, after).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited for {expected}; the log of {Id}:\n{Log}");
        }
    }
}
