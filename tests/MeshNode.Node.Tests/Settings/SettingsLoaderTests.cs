using MeshNode.Hocon;
using MeshNode.Node.Settings;
using MeshNode.Node.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MeshNode.Node.Tests.Settings;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new() { ["HOME"] = "/h/ada" };
    private readonly Dictionary<SettingKey, IReadOnlyList<string>> _options = [];
    private string? _file;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void The_defaults_expose_nothing_beyond_loopback()
    {
        var settings = Load();
        Assert.Equal("127.0.0.1:7280", settings.Http.ToString());
        Assert.Equal("127.0.0.1:7280", settings.Udp.ToString());
        Assert.Equal("/h/ada/.local/state/meshnode", settings.DataDirectory);
        Assert.Equal(AdmissionKind.Open, settings.Admission);
        Assert.Equal(Environment.MachineName, settings.Name);
        Assert.Equal(LogLevel.Information, settings.LogLevel);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.ShutdownTimeout);
        Assert.Empty(settings.Join);
        Assert.Null(settings.Invite);
    }

    [Fact]
    public void Options_win_over_variables_and_those_over_the_file_and_that_over_the_defaults()
    {
        _file = _directory.Write("node.conf", "meshnode { name = file, http.bind = \"127.0.0.1:1\", udp.bind = \"127.0.0.1:1\" }");
        _environment["MESHNODE_NAME"] = "variable";
        _environment["MESHNODE_HTTP"] = "127.0.0.1:2";
        _options[SettingKey.Name] = ["option"];
        var settings = Load();
        Assert.Equal("option", settings.Name);
        Assert.Equal("127.0.0.1:2", settings.Http.ToString());
        Assert.Equal("127.0.0.1:1", settings.Udp.ToString());
        Assert.Equal(1024, settings.MeshSockets);
    }

    [Fact]
    public void A_list_replaces_the_one_below()
    {
        _file = _directory.Write("node.conf", "meshnode.join = [\"ws://one:1/mesh\", \"ws://two:2/mesh\"]");
        Assert.Equal(["ws://one:1/mesh", "ws://two:2/mesh"], Load().Join.Select(uri => uri.ToString()));
        _environment["MESHNODE_JOIN"] = "ws://three:3/mesh";
        Assert.Equal(["ws://three:3/mesh"], Load().Join.Select(uri => uri.ToString()));
    }

    [Theory]
    [InlineData("ws://127.0.0.1:7280/mesh", "ws://127.0.0.1:7280/mesh")]
    [InlineData("http://127.0.0.1:7280/", "ws://127.0.0.1:7280/mesh")]
    [InlineData("https://seed.example.org", "wss://seed.example.org/mesh")]
    [InlineData("wss://seed.example.org/inner/mesh", "wss://seed.example.org/inner/mesh")]
    public void The_console_s_address_serves_as_one_to_join(string text, string expected)
    {
        _options[SettingKey.Join] = [text];
        Assert.Equal(expected, Load().Join[0].ToString());
    }

    [Fact]
    public void A_file_may_take_values_from_the_environment()
    {
        _file = _directory.Write("node.conf", "meshnode.name = ${?NODE_NAME}");
        _environment["NODE_NAME"] = "ada";
        Assert.Equal("ada", Load().Name);
    }

    [Theory]
    [InlineData("127.0.0.1:1", "127.0.0.1:1", "auto", AdmissionKind.Open)]
    [InlineData("0.0.0.0:1", "127.0.0.1:1", "auto", AdmissionKind.Invite)]
    [InlineData("127.0.0.1:1", "0.0.0.0:1", "auto", AdmissionKind.Invite)]
    [InlineData("0.0.0.0:1", "0.0.0.0:1", "open", AdmissionKind.Open)]
    [InlineData("127.0.0.1:1", "127.0.0.1:1", "list", AdmissionKind.List)]
    public void Admission_is_open_by_default_only_while_everything_is_loopback(string http, string udp, string policy, object expected)
    {
        _options[SettingKey.Http] = [http];
        _options[SettingKey.Udp] = [udp];
        _options[SettingKey.Admission] = [policy];
        Assert.Equal(expected, Load().Admission);
    }

    [Theory]
    [InlineData("http.bind", "127.0.0.1", "is not valid; valid is ADDR:PORT")]
    [InlineData("udp.bind", "example.org:1", "is not valid; valid is ADDR:PORT")]
    [InlineData("join", "ftp://127.0.0.1", "is not valid; valid is ws://HOST:PORT/mesh")]
    [InlineData("invite", "short", "is not valid; valid is a token of 16 characters or more")]
    [InlineData("admission.policy", "closed", "'closed' is not valid; valid is open, invite, list or auto")]
    [InlineData("admission.peers", "me", "'me' is not valid; valid is an id of 52 characters")]
    [InlineData("log.level", "loud", "'loud' is not valid; valid is trace, debug, info, warn or error")]
    [InlineData("log.json", "maybe", "'maybe' is not valid; valid is true or false")]
    [InlineData("http.mesh-sockets", "0", "'0' is not valid; valid is a number from 1 to 100000")]
    [InlineData("http.hosts", "http://x", "is not valid; valid is HOST or HOST:PORT")]
    [InlineData("http.origins", "https://x/path", "is not valid; valid is an origin without a path")]
    [InlineData("shutdown.timeout", "1h", "'1h' is not valid; valid is a duration from 0s to 5m")]
    public void A_value_that_cannot_be_is_refused_by_source_key_and_what_would_be_valid(string key, string value, string message)
    {
        var setting = SettingKey.All.Single(known => known.Path == key);
        if (setting.Option is { } option)
        {
            _options[setting] = [value];
            AssertRefused($"{option}: ", message);
            _options.Clear();
        }

        _environment[setting.Variable] = value;
        AssertRefused($"{setting.Variable}: ", message);
        _environment.Remove(setting.Variable);

        var written = setting.IsList ? $"[\"{value}\"]" : $"\"{value}\"";
        _file = _directory.Write("node.conf", $"meshnode {{\n  {key} = {written}\n}}");
        AssertRefused($"{_file}:2:", $"meshnode.{key}: ");
        AssertRefused($"{_file}:2:", message);
    }

    [Theory]
    [InlineData("meshnode { htp { bind = 1 } }", ":1:16: unknown key meshnode.htp; known here: meshnode.data, meshnode.name")]
    [InlineData("meshnode { http { bnd = 1 } }", ":1:25: unknown key meshnode.http.bnd; known here: meshnode.http.bind, meshnode.http.hosts")]
    [InlineData("mesh = 1", ":1:8: unknown key mesh; known here: meshnode")]
    [InlineData("meshnode { http = 1 }", ":1:19: meshnode.http is '1'; it holds the keys bind, hosts, origins, mesh-sockets")]
    [InlineData("meshnode { join = 1 }", ":1:19: meshnode.join: '1' is not valid; valid is a list")]
    [InlineData("meshnode { name = [] }", ":1:19: meshnode.name: a list is not valid; valid is a single value")]
    [InlineData("meshnode {", ":1:11: expected '}'")]
    public void A_file_that_is_wrong_is_refused_with_its_place(string text, string message)
    {
        _file = _directory.Write("node.conf", text);
        AssertRefused(_file, message);
    }

    [Fact]
    public void A_secret_that_is_refused_is_not_repeated()
    {
        _options[SettingKey.Invite] = ["hunter2"];
        var exception = Assert.Throws<NodeStartException>(Load);
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
        _options.Clear();
        _environment[SettingKey.AdmittedInvites.Variable] = "hunter2";
        exception = Assert.Throws<NodeStartException>(Load);
        Assert.DoesNotContain("hunter2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_invite_may_stand_in_a_file_that_only_its_owner_reads()
    {
        var path = _directory.Write("invite", "0123456789abcdef\n");
        _options[SettingKey.Invite] = ["@" + path];
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        AssertRefused("--invite: ", "chmod 600");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.NotNull(Load().Invite);
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        _file = _directory["none.conf"];
        AssertRefused("--config: there is no file ", "none.conf");
    }

    [Fact]
    public void The_reference_file_names_every_key_with_its_option_and_variable()
    {
        var text = SettingsLoader.ReadDefaults();
        Assert.True(HoconDocument.TryParse(new HoconText("meshnode.conf", text), out var root, out _));
        foreach (var key in SettingKey.All)
        {
            Assert.True(root.TryGetPath(key.FullPath, out var value), key.FullPath);
            Assert.Equal(key.IsList, value is HoconArray);
            Assert.Contains(key.Variable, text, StringComparison.Ordinal);
            Assert.Contains(key.Option ?? "", text, StringComparison.Ordinal);
        }

        Assert.Equal(SettingKey.All.Count, CountValues(root));
    }

    private static int CountValues(HoconValue value) => value is HoconObject parent ? parent.Fields.Sum(field => CountValues(field.Value)) : 1;

    private NodeSettings Load() => SettingsLoader.Load(_options, _file, _environment.GetValueOrDefault);

    private void AssertRefused(string start, string part)
    {
        var message = Assert.Throws<NodeStartException>(Load).Message;
        Assert.StartsWith(start, message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }
}
