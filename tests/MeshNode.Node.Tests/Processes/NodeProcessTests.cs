using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Processes;

/// <summary>The shipped program with its real mesh, from the outside.</summary>
public sealed class NodeProcessTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_signal_stops_the_node_gracefully(PosixSignal signal)
    {
        using var node = StartNode("a");
        await node.WaitForJoinCommandAsync();
        Assert.True(File.Exists(_directory["a/endpoint.json"]));
        node.Signal(signal);
        Assert.Equal(0, await node.WaitForExitAsync());
        Assert.False(File.Exists(_directory["a/endpoint.json"]));
        Assert.Contains("Stopped", node.Error.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_printed_command_starts_a_second_node_that_joins()
    {
        using var first = StartNode("a");
        using var second = NodeProcess.Paste(await first.WaitForJoinCommandAsync());
        await second.WaitForJoinCommandAsync();
        var firstId = await ReadIdAsync("a");
        var secondId = await ReadIdAsync("a-2");
        Assert.NotEqual(firstId, secondId);
        await WaitForPeerAsync("a", secondId);
        await WaitForPeerAsync("a-2", firstId);
    }

    [Fact]
    public async Task With_policy_invite_the_printed_command_brings_its_invite()
    {
        using var first = StartNode("a", "--admission", "invite");
        var command = await first.WaitForJoinCommandAsync();
        using var second = NodeProcess.Paste(command);
        await second.WaitForJoinCommandAsync();
        await WaitForPeerAsync("a", await ReadIdAsync("a-2"));
    }

    [Fact]
    public async Task Started_by_dotnet_run_it_prints_dotnet_run()
    {
        const string Launch = "dotnet run -c Release --no-build --project src/MeshNode.Node --";
        using var node = NodeProcess.Paste($"{Launch} run --data {_directory["a"]} --http 127.0.0.1:0 --udp 127.0.0.1:0");
        Assert.StartsWith($"{Launch} run --data {_directory["a-2"]} ", await node.WaitForJoinCommandAsync(), StringComparison.Ordinal);
        node.Signal(PosixSignal.SIGTERM); // to dotnet, which hands it on
        await node.WaitForExitAsync();
        Assert.False(File.Exists(_directory["a/endpoint.json"]));
    }

    [Fact]
    public async Task With_json_log_every_line_of_standard_output_is_json()
    {
        using var node = StartNode("a", "--json-log");
        var started = await node.Output.WaitForLineAsync("\"EventId\":1000").WaitAsync(TimeSpan.FromSeconds(60));
        node.Signal(PosixSignal.SIGTERM);
        Assert.Equal(0, await node.WaitForExitAsync());
        Assert.All(node.Output.Lines, line => JsonDocument.Parse(line).Dispose());
        using var parsed = JsonDocument.Parse(started);
        Assert.Contains(" --join ws://", parsed.RootElement.GetProperty("State").GetProperty("JoinCommand").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(_directory["a/control-token"]), node.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--http")]
    [InlineData("--udp")]
    public async Task A_port_in_use_is_one_line_and_exit_code_2(string option)
    {
        using var taken = new Socket(
            AddressFamily.InterNetwork, option == "--udp" ? SocketType.Dgram : SocketType.Stream, option == "--udp" ? ProtocolType.Udp : ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        if (option == "--http")
        {
            taken.Listen();
        }

        var other = option == "--http" ? "--udp" : "--http";
        var (code, output, error) = await NodeProcess.RunAsync(
            "run", "--data", _directory["a"], option, taken.LocalEndPoint!.ToString()!, other, "127.0.0.1:0");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains($"port is in use: {taken.LocalEndPoint}", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_data_directory_is_one_line_and_exit_code_2()
    {
        using var node = StartNode("a");
        await node.WaitForJoinCommandAsync();
        var (code, output, error) = await NodeProcess.RunAsync("run", "--data", _directory["a"], "--http", "127.0.0.1:0", "--udp", "127.0.0.1:0");
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("is locked by process", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private NodeProcess StartNode(string name, params string[] extra) =>
        NodeProcess.Start(["run", "--data", _directory[name], "--http", "127.0.0.1:0", "--udp", "127.0.0.1:0", .. extra]);

    private async Task<string> ReadIdAsync(string name)
    {
        using var status = await AskAsync("status", name);
        return status.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Asks again and again: each question is a process of its own, so there is no busy wait.</summary>
    private async Task WaitForPeerAsync(string name, string peer)
    {
        var last = "";
        for (var attempt = 0; attempt < 100; attempt++)
        {
            using var peers = await AskAsync("peers", name);
            last = peers.RootElement.GetRawText();
            if (peers.RootElement.EnumerateArray().Any(
                entry => entry.GetProperty("id").GetString() == peer && entry.GetProperty("state").GetString() == "connected"))
            {
                return;
            }
        }

        Assert.Fail($"{name} has not connected to {peer}: {last}");
    }

    private async Task<JsonDocument> AskAsync(string command, string name)
    {
        var (code, output, error) = await NodeProcess.RunAsync(command, "--data", _directory[name], "--json");
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }
}
