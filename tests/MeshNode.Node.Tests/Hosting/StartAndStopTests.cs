using System.Net;
using System.Text.Json;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Hosting;

public sealed class StartAndStopTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_start_up_text_tells_all_that_one_needs()
    {
        await using var node = await RunningNode.StartAsync("--name", "ada");
        var text = node.Output.Text;
        Assert.Contains($"  id       {node.Mesh.Id}\n", text, StringComparison.Ordinal);
        Assert.Contains("  name     ada\n", text, StringComparison.Ordinal);
        Assert.Contains($"  data     {node.Data}\n", text, StringComparison.Ordinal);
        Assert.Contains($"  udp      {node.Mesh.UdpEndPoints[0]}\n", text, StringComparison.Ordinal);
        Assert.Contains($"  console  http://{node.Http}/\n", text, StringComparison.Ordinal);
        Assert.Contains("Only this machine reaches it", text, StringComparison.Ordinal);
        Assert.EndsWith($"run --data {node.Data}-2 --http 127.0.0.1:0 --udp 127.0.0.1:0 --join ws://{node.Http}/mesh", node.Output.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_data_directory_tells_where_the_node_is_while_it_runs()
    {
        await using var node = await RunningNode.StartAsync();
        var path = Path.Combine(node.Data, "endpoint.json");
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        using var content = JsonDocument.Parse(await File.ReadAllTextAsync(path));
        Assert.Equal(node.Http, content.RootElement.GetProperty("address").GetString());
        Assert.Equal(Environment.ProcessId, content.RootElement.GetProperty("pid").GetInt32());
        Assert.Equal(0, await node.StopAsync());
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Stopping_says_goodbye_first_and_releases_ports_and_directory()
    {
        await using var node = await RunningNode.StartAsync();
        var http = node.Http;
        Assert.Equal(0, await node.StopAsync());
        Assert.True(node.Mesh.Disposed.Task.IsCompleted);
        using var listener = new System.Net.Sockets.TcpListener(IPEndPoint.Parse(http));
        listener.Start();
        listener.Stop();
        await using var again = await RunningNode.StartInAsync(node.Data);
        Assert.Equal(node.Mesh.Id, again.Mesh.Id);
    }

    [Fact]
    public async Task While_it_stops_the_node_is_not_ready()
    {
        await using var node = await RunningNode.StartAsync();
        using var client = node.CreateClient();
        node.Mesh.Disposal = new TaskCompletionSource();
        var stopping = node.StopAsync();
        HttpStatusCode status;
        do
        {
            using var response = await client.GetAsync(new Uri("readyz", UriKind.Relative));
            status = response.StatusCode;
        }
        while (status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        node.Mesh.Disposal.SetResult();
        Assert.Equal(0, await stopping);
    }

    [Fact]
    public async Task A_mesh_that_hangs_does_not_keep_the_process()
    {
        using var directory = new TempDirectory();
        var node = await RunningNode.StartAsync("--config", directory.Write("node.conf", "meshnode.shutdown.timeout = 0s"));
        node.Mesh.Disposal = new TaskCompletionSource();
        Assert.Equal(0, await node.StopAsync().WaitAsync(Patience));
        node.Mesh.Disposal.SetResult();
        await node.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_directory_that_others_could_read_becomes_the_owner_s_alone()
    {
        using var directory = new TempDirectory();
        Directory.CreateDirectory(directory["data"], OwnerOnly | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        await using var node = await RunningNode.StartInAsync(directory["data"]);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(directory["data"]));
    }

    [Fact]
    public async Task With_policy_invite_the_node_makes_a_token_and_prints_only_its_file()
    {
        await using var node = await RunningNode.StartAsync("--admission", "invite");
        var path = Path.Combine(node.Data, "invite-token");
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.EndsWith($" --invite @{path}", node.Output.Lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(path), node.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Seeds_name_and_invite_reach_the_mesh()
    {
        await using var node = await RunningNode.StartAsync(
            "--join", "ws://127.0.0.1:1/mesh", "--join", "http://127.0.0.1:2", "--name", "ada", "--invite", "0123456789abcdef");
        Assert.Equal(["ws://127.0.0.1:1/mesh", "ws://127.0.0.1:2/mesh"], node.Mesh.Options.Seeds.Select(seed => seed.ToString()));
        Assert.Equal("ada", node.Mesh.Options.Name);
        Assert.NotNull(node.Mesh.Options.Invite);
    }
}
