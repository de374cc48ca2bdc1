using System.Text.Json;
using MeshNode.Mesh;
using MeshNode.Mesh.Identity;
using MeshNode.Node.Hosting;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Cli;

public sealed class ClientCommandTests : IAsyncLifetime
{
    private const string Peer = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private RunningNode _node = null!;

    public async Task InitializeAsync() => _node = await RunningNode.StartAsync("--name", "ada");

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task Status_finds_the_node_by_its_data_directory()
    {
        var (code, output, error) = await _node.AskAsync("status", "--data", _node.Data, "--json");
        Assert.Equal((0, ""), (code, error));
        using var status = JsonDocument.Parse(output);
        Assert.Equal(_node.Mesh.Id, status.RootElement.GetProperty("id").GetString());
        Assert.Equal(_node.Http, status.RootElement.GetProperty("http").GetString());
    }

    [Fact]
    public async Task Status_finds_the_node_by_address_and_token()
    {
        var (code, output, _) = await _node.AskAsync("status", "--http", _node.Http, "--token", _node.Token);
        Assert.Equal(0, code);
        Assert.Contains($"id       {_node.Mesh.Id}", output, StringComparison.Ordinal);
        (code, _, _) = await _node.AskAsync("status", "--http", _node.Http, "--token", $"@{Path.Combine(_node.Data, "control-token")}");
        Assert.Equal(0, code);
    }

    [Fact]
    public async Task Peers_and_topology_print_tables_and_json()
    {
        _node.Mesh.Peers.Add(new MeshPeer(Peer, "bob", "connected", "direct", 1.25, [new MeshChannel("control", "open", 0)]));
        Assert.Contains("control:open", (await _node.AskAsync("peers", "--data", _node.Data)).Output, StringComparison.Ordinal);
        using var peers = JsonDocument.Parse((await _node.AskAsync("peers", "--data", _node.Data, "--json")).Output);
        Assert.Equal("direct", peers.RootElement[0].GetProperty("path").GetString());
        Assert.Contains("1.3 ms", (await _node.AskAsync("topology", "--data", _node.Data)).Output, StringComparison.Ordinal);
        using var topology = JsonDocument.Parse((await _node.AskAsync("topology", "--data", _node.Data, "--json")).Output);
        Assert.Equal(2, topology.RootElement.GetProperty("nodes").GetArrayLength());
        Assert.Equal(Peer, topology.RootElement.GetProperty("links")[0].GetProperty("to").GetString());
    }

    [Fact]
    public async Task Send_exits_with_0_when_the_far_node_acknowledged()
    {
        var (code, output, error) = await _node.AskAsync("send", "--data", _node.Data, "--to", Peer, "hello", "--timeout", "2s");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("Delivered", output, StringComparison.Ordinal);
        Assert.Equal((Peer, "hello", TimeSpan.FromSeconds(2)), Assert.Single(_node.Mesh.Sent));
    }

    [Fact]
    public async Task Send_exits_with_1_and_the_reason_when_it_did_not()
    {
        _node.Mesh.SendResult = new MeshSendResult(false, "nobody knows the way", null, TimeSpan.FromSeconds(1));
        var (code, output, error) = await _node.AskAsync("send", "--data", _node.Data, "--to", Peer, "hello");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("nobody knows the way", error, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(10), _node.Mesh.Sent[0].Timeout);
        (code, output, _) = await _node.AskAsync("send", "--data", _node.Data, "--to", Peer, "hello", "--json");
        Assert.Equal(1, code);
        using var result = JsonDocument.Parse(output);
        Assert.False(result.RootElement.GetProperty("delivered").GetBoolean());
    }

    [Theory]
    [InlineData(2, "--to: 'me' is not valid", "send", "--to", "me", "hello")]
    [InlineData(2, "--timeout: '10' ", "send", "--to", Peer, "hello", "--timeout", "10 fortnights")]
    [InlineData(2, "--timeout: '0s' is not valid", "send", "--to", Peer, "hello", "--timeout", "0s")]
    [InlineData(2, "'--to' is required", "send", "hello")]
    [InlineData(2, "see: meshnode --help", "frobnicate")]
    [InlineData(2, "needs --token", "status", "--http", "127.0.0.1:1")]
    [InlineData(2, "--http: 'x' is not valid", "status", "--http", "x", "--token", "t")]
    [InlineData(1, "no node answers at 127.0.0.1:1", "status", "--http", "127.0.0.1:1", "--token", "t")]
    public async Task What_cannot_be_done_is_one_line(int exitCode, string part, params string[] args)
    {
        var (code, output, error) = await _node.AskAsync(args);
        Assert.Equal((exitCode, ""), (code, output));
        Assert.Contains(part.Replace("'10' ", "'10 fortnights'", StringComparison.Ordinal), Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_is_said_to_be_one()
    {
        var (code, _, error) = await _node.AskAsync("status", "--http", _node.Http, "--token", "wrong");
        Assert.Equal(1, code);
        Assert.Contains("Not authorised", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_data_directory_without_a_running_node_is_said_to_be_one()
    {
        using var directory = new TempDirectory();
        var (code, _, error) = await _node.AskAsync("status", "--data", directory.Path);
        Assert.Equal(1, code);
        Assert.Contains($"no node is running with the data directory {directory.Path}; start one with: meshnode run --data", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_killed_node_left_behind_is_recognised()
    {
        using var directory = new TempDirectory();
        OwnerOnlyFile.Write(directory["control-token"], "0123456789abcdef0123456789abcdef");
        EndPointFile.Write(directory.Path, new EndPointFile.Content("127.0.0.1:1", int.MaxValue, Peer)); // beyond every pid_max
        var (code, _, error) = await _node.AskAsync("status", "--data", directory.Path);
        Assert.Equal(1, code);
        Assert.Contains("was left over by process 2147483647, which is gone", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_no_error()
    {
        var (code, output, error) = await _node.AskAsync("run", "--help");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("--join", output, StringComparison.Ordinal);
    }
}
