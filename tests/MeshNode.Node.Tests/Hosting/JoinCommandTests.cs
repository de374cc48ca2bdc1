using System.Net;
using System.Net.Sockets;
using MeshNode.Node.Hosting;
using MeshNode.Node.Settings;
using MeshNode.Node.Tests.Support;

namespace MeshNode.Node.Tests.Hosting;

public sealed class JoinCommandTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_second_node_has_a_directory_and_ports_of_its_own()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var words = Build("data", $"127.0.0.1:{port - 1}").Split(' ');
        Assert.Equal(["meshnode", "run", "--data", _directory["data-2"], "--http"], words[..5]);
        Assert.True(int.Parse(words[5].Split(':')[1], null) > port, "the port above is taken");
        Assert.Equal("--udp", words[6]);
        Assert.NotEqual($"127.0.0.1:{port - 1}", words[7]);
        Assert.Equal(["--join", "ws://127.0.0.1:9999/mesh"], words[8..]);
    }

    [Fact]
    public void A_node_on_any_free_port_prints_a_command_that_takes_any_free_port() =>
        Assert.Contains("--http 127.0.0.1:0 --udp 127.0.0.1:0 --join ws://127.0.0.1:9999/mesh", Build("data", "127.0.0.1:0"), StringComparison.Ordinal);

    [Fact]
    public void A_second_node_prints_the_directory_of_a_third()
    {
        Assert.Contains("data-3 ", BuildBesideRunning("data-2", "data"), StringComparison.Ordinal);
        Assert.Contains("data-2 ", BuildBesideRunning("data", "data"), StringComparison.Ordinal);
        Assert.Contains("data-3 ", BuildBesideRunning("data", "data-2"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_invite_goes_by_its_file_so_that_no_secret_is_printed() =>
        Assert.EndsWith("--invite @/srv/invite-token", Build("data", "127.0.0.1:0", "/srv/invite-token"), StringComparison.Ordinal);

    [Theory]
    [InlineData("plain/word-1", "plain/word-1")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$HOME", "'$HOME'")]
    [InlineData("*:7280", "'*:7280'")]
    [InlineData("[::1]:7280", "'[::1]:7280'")]
    [InlineData("", "''")]
    public void Words_are_quoted_as_a_shell_reads_them(string word, string quoted) => Assert.Equal(quoted, JoinCommand.Quote(word));

    private string BuildBesideRunning(string own, string running)
    {
        Directory.CreateDirectory(_directory[running], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        EndPointFile.Write(_directory[running], new EndPointFile.Content("127.0.0.1:1", Environment.ProcessId, "x"));
        return Build(own, "127.0.0.1:0");
    }

    private string Build(string data, string bind, string? inviteFile = null)
    {
        var options = new Dictionary<SettingKey, IReadOnlyList<string>>
        {
            [SettingKey.Data] = [_directory[data]],
            [SettingKey.Http] = [bind],
            [SettingKey.Udp] = [bind],
        };
        var settings = SettingsLoader.Load(options, null, _ => null);
        return JoinCommand.Build(["meshnode"], settings, new IPEndPoint(IPAddress.Loopback, 9999), inviteFile);
    }
}
