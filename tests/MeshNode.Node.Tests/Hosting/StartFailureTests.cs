using System.Net;
using System.Net.Sockets;
using MeshNode.Mesh;
using MeshNode.Node.Cli;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Hosting;

/// <summary>Each of these is one clear line on standard error and exit code 2.</summary>
public sealed class StartFailureTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_http_port_in_use()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        await AssertRefusedAsync(["--http", address], $"the HTTP port is in use: {address}; stop the program that has it, or choose another with --http ADDR:PORT");
        Assert.False(File.Exists(_directory["data/endpoint.json"]));
    }

    [Fact]
    public async Task A_udp_port_in_use()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = taken.LocalEndPoint!.ToString()!;
        await AssertRefusedAsync(["--udp", address], $"the UDP port is in use: {address}; stop the program that has it, or choose another with --udp ADDR:PORT");
    }

    [Fact]
    public async Task An_address_of_another_machine() =>
        await AssertRefusedAsync(["--http", "192.0.2.1:7280"], "the HTTP address 192.0.2.1:7280 is none of this machine");

    [Theory]
    [InlineData("root.key")]
    [InlineData("signing.key")]
    [InlineData("kem.key")]
    [InlineData("control-token")]
    public async Task A_key_or_token_that_others_can_read(string name)
    {
        await StartOnceAsync();
        File.SetUnixFileMode(_directory[$"data/{name}"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        await AssertRefusedAsync([], $"run: chmod 600 {_directory[$"data/{name}"]}");
    }

    [Theory]
    [InlineData("root.key")]
    [InlineData("signing.key")]
    public async Task A_key_that_is_damaged(string name)
    {
        await StartOnceAsync();
        await File.WriteAllTextAsync(_directory[$"data/{name}"], "no key");
        await AssertRefusedAsync([], $"{_directory[$"data/{name}"]} is damaged");
    }

    [Fact]
    public async Task A_key_that_cannot_be_read()
    {
        await StartOnceAsync();
        File.Delete(_directory["data/signing.key"]);
        Directory.CreateDirectory(_directory["data/signing.key"]);
        await AssertRefusedAsync([], _directory["data/signing.key"]);
    }

    [Fact]
    public async Task A_data_directory_that_another_node_has()
    {
        await using var node = await RunningNode.StartAsync();
        await AssertRefusedAsync(["--data", node.Data], $"The data directory {node.Data} is locked by process {Environment.ProcessId}");
        Assert.True(File.Exists(Path.Combine(node.Data, "endpoint.json")), "the running node stays findable");
    }

    [Fact]
    public async Task A_data_directory_that_is_a_file() =>
        await AssertRefusedAsync(["--data", _directory.Write("file", "")], "Cannot use the directory");

    [Fact]
    public async Task A_data_directory_in_use_for_something_else_that_others_can_read()
    {
        _directory.Write("notes.txt", "");
        File.SetUnixFileMode(_directory.Path, (UnixFileMode)0b111_101_101);
        await AssertRefusedAsync(["--data", _directory.Path], $"chmod 700 {_directory.Path}");
    }

    [Fact]
    public async Task An_unknown_option() =>
        await AssertRefusedAsync(["--htp", "127.0.0.1:0"], "'--htp'", "see: meshnode run --help");

    [Fact]
    public async Task A_bad_option() => await AssertRefusedAsync(["--http", "7280"], "--http: '7280' is not valid; valid is ADDR:PORT");

    [Fact]
    public async Task A_bad_configuration()
    {
        var path = _directory.Write("node.conf", "meshnode {\n  http { bind = 7280 }\n}");
        await AssertRefusedAsync(["--config", path], $"{path}:2:17: meshnode.http.bind: '7280' is not valid");
        await AssertRefusedAsync(["--config", _directory.Write("broken.conf", "meshnode {")], "broken.conf:1:11: expected '}'");
        await AssertRefusedAsync(["--config", _directory["none.conf"]], "--config: there is no file");
    }

    private async Task StartOnceAsync()
    {
        await using var node = await RunningNode.StartInAsync(_directory["data"]);
        await node.StopAsync();
    }

    private async Task AssertRefusedAsync(string[] args, params string[] parts)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        List<string> all = ["run", .. args];
        foreach (var (option, value) in new[] { ("--data", _directory["data"]), ("--http", "127.0.0.1:0"), ("--udp", "127.0.0.1:0") })
        {
            if (!args.Contains(option) && !args.Contains("--config"))
            {
                all.AddRange([option, value]);
            }
        }

        var code = await CommandLine.RunAsync(
            all,
            new Terminal(output, error, name => name == "HOME" ? _directory.Path : null),
            (options, identity, _, _) => Task.FromResult<IMeshHost>(ScriptedMeshHost.Start(options, identity))).WaitAsync(Patience);
        Assert.Equal(2, code);
        Assert.Empty(output.ToString());
        var line = Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("meshnode: ", line, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }
}
